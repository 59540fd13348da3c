#!/usr/bin/env node
// Starts the program that npm installed for this system, and ends as it ended. It does nothing else: no download, no cache.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { name, version } = require("./package.json");
const programs = require("./programs.json");

// As the program itself says it when something outside of it is in the way.
const WORLD_FAILED = 3;

const system = `${process.platform} ${process.arch}`;
const program = Object.hasOwn(programs, system) ? found(programs[system]) : unsupported();

// Whoever ends this script means the program. One that was told by the terminal already is not harmed by hearing it twice,
// except on Windows: there the console tells every program itself, and what Node calls a signal is an end without notice.
// This stands before the start: a signal in between would end the script alone, and leave the program to nobody.
const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
const forward = process.platform === "win32" ? () => {} : (signal) => child.kill(signal);
signals.forEach((it) => process.on(it, forward));

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });

child.on("error", (error) => {
  fail(`${program} cannot be started: ${error.message}\nInstall it anew: npm install ${name}@${version}`);
});

child.on("exit", (status, signal) => {
  if (signal === null) {
    process.exit(status);
  }
  // A shell tells "ended" from "was ended", so this ends by the same signal. Where that is not possible, as on Windows, the
  // status says it.
  signals.forEach((it) => process.removeAllListeners(it));
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
});

/** The path of the program in the package for this system. */
function found(file) {
  try {
    return require.resolve(file);
  } catch {
    const missing = file.split("/").slice(0, 2).join("/");
    return fail(
      `The package ${missing}, which holds the program for ${system}, is not installed.\n` +
        "npm leaves it out with --omit=optional, and when node_modules or the lock file was made on another system.\n" +
        `Install it: npm install --include=optional ${name}@${version}\n` +
        "If that does not help, remove node_modules and package-lock.json, and install again.",
    );
  }
}

function unsupported() {
  return fail(
    `There is no ready program for ${system}; there is one for ${Object.keys(programs).join(", ")}.\n` +
      "With Rust (https://www.rust-lang.org/tools/install) it can be built here: cargo install --locked longhouse",
  );
}

function fail(text) {
  process.stderr.write(`error: ${text}\n`);
  process.exit(WORLD_FAILED);
}
