// How the corner of the preview looks. It stands in a shadow root: nothing of it reaches the page, nor the other way
// round.

export const style = new CSSStyleSheet();
style.replaceSync(`
  :host {
    all: initial; color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif;
    --paper: #fdfcfa; --ink: #1d1b19; --quiet: #5f5a55; --line: #ddd8d1; --edge: #8a847d; --ground: #f4f1ec;
    --accent: #0f5c5c; --error: #a3262a; --warning: #755000;
  }
  @media screen and (prefers-color-scheme: dark) {
    :host {
      --paper: #1e1f21; --ink: #e7e4df; --quiet: #aca7a0; --line: #3c3d41; --edge: #85817b; --ground: #28292c;
      --accent: #7fcac2; --error: #f4a3a1; --warning: #dcc07c;
    }
  }
  @media print { :host { display: none; } }
  *, ::before, ::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  aside {
    position: fixed; z-index: 2147483000; inset: auto 12px 12px auto; max-width: calc(100vw - 24px);
    display: flex; flex-direction: column; align-items: flex-end; gap: 8px; pointer-events: none; color: var(--ink);
  }
  aside > * { pointer-events: auto; }
  h2, p, pre, ul { margin: 0; }
  h2 { font-size: 17px; line-height: 1.35; font-weight: 600; }
  a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
  a:hover { text-decoration-thickness: 2px; }
  button, .door {
    font: inherit; font-size: 14px; line-height: 20px; min-height: 44px; padding: 8px 16px; color: var(--ink);
    background: var(--paper); border: 1px solid var(--edge); border-radius: 4px; cursor: pointer;
  }
  button:hover { background: var(--ground); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .badge { display: flex; align-items: center; gap: 8px; }
  .badge::before { content: ""; width: 10px; height: 10px; border: 2px solid var(--accent); border-radius: 50%; }
  .badge[data-state=warning]::before { border-color: var(--warning); border-radius: 0; }
  .badge[data-state=error]::before { border-color: var(--error); background: var(--error); border-radius: 0; transform: rotate(45deg); }
  .badge[data-state=away]::before { border-color: var(--edge); border-style: dotted; }
  .menu, .overlay, .notice { background: var(--paper); border: 1px solid var(--edge); border-radius: 4px; }
  .menu { width: 360px; max-width: 100%; max-height: calc(100vh - 96px); max-height: calc(100dvh - 96px); overflow: auto; padding: 4px 16px 16px; }
  .menu > * { padding: 12px 0; }
  .menu > * + * { border-top: 1px solid var(--line); }
  .small, .place { font-size: 14px; line-height: 20px; color: var(--quiet); overflow-wrap: anywhere; }
  .switch { display: flex; width: 100%; min-height: 48px; align-items: center; justify-content: space-between; gap: 16px; border: 0; border-radius: 0; padding-inline: 0; font-size: inherit; text-align: start; }
  .menu > .switch { border-top: 1px solid var(--line); }
  .switch span:last-child { color: var(--quiet); font-size: 14px; }
  .switch[aria-checked=true] span:last-child { color: var(--accent); font-weight: 600; }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 8px 0 12px; }
  .door { display: inline-flex; align-items: center; text-decoration: none; color: var(--accent); }
  code, pre { font: 14px/1.5 ui-monospace, monospace; }
  .notice { display: flex; align-items: center; gap: 16px; max-width: 36rem; padding: 8px 8px 8px 16px; }
  .overlay {
    width: 44rem; max-width: 100%; max-height: 62vh; max-height: 62dvh; overflow: auto; overscroll-behavior: contain;
    padding: 0 16px 16px; border-inline-start: 3px solid var(--error);
  }
  .bar {
    position: sticky; top: 0; display: flex; align-items: center; justify-content: space-between; gap: 16px;
    margin: 0 -16px; padding: 8px 8px 8px 16px; background: var(--paper); border-bottom: 1px solid var(--line);
  }
  .bar p { font-size: 14px; line-height: 20px; color: var(--error); font-weight: 600; }
  .problem { padding-top: 16px; display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }
  .problem + .problem { margin-top: 16px; border-top: 1px solid var(--line); }
  pre { max-width: 100%; overflow-x: auto; padding: 8px 12px; background: var(--ground); border-radius: 4px; tab-size: 4; }
  .more { margin-top: 16px; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (max-width: 599px) {
    /* What sticks to the lower edge of a page stays in reach of the thumb. */
    aside { inset: auto 12px 76px 12px; }
    .overlay, .notice { width: 100%; }
  }
`);
