//! Says which folders are embedded in the program. `include_dir` notices when a file in them changes, but not
//! when one is added.

fn main() {
    println!("cargo::rerun-if-changed=themes");
    println!("cargo::rerun-if-changed=example-site");
    println!("cargo::rerun-if-changed=docs/content/reference/rules");
}
