// What the tests read from pages, and put into them.

/**
 * A test asks for an element by what it must be, and reads its properties without a look at its type: one that is not
 * there is `undefined`, and the comparison with what was wanted fails.
 */
interface Element
  extends Partial<
    Pick<HTMLInputElement, "value" | "checked" | "disabled" | "name" | "type" | "selectionStart" | "selectionEnd" | "setSelectionRange">
  > {
  href?: string;
  src?: string;
  alt?: string;
  naturalWidth?: number;
  open?: boolean;
  tabIndex?: number;
  dataset?: DOMStringMap;
  innerText?: string;
  focus?(): void;
  blur?(): void;
  click?(): void;
  /** A mark by which a test recognises the same element again. */
  mark?: unknown;
}

/** What tests keep in a page from one look to the next. */
interface Window {
  axe: { run(root: Document | object, options?: object): Promise<AxeResult> };
  search: any;
  pagefind: any;
  isSame: boolean;
  bare: number;
  longhouseStops: Map<Element, number>;
  longhouseLast: Element | null;
  reportFinding(text: string): void;
}
/** A plain host of the tests. `alter` may answer in place of the file at a path. */
interface Host {
  delay: number;
  alter(path: string): { status?: number; bytes?: Buffer; hang?: boolean } | undefined;
  seen: { path: string; bytes: number }[];
  headers: Record<string, string>;
  origin?: string;
  worker?: string;
  engine?: string;
  close?(): void;
}
interface AxeResult {
  violations: { id: string; impact: string; help: string; nodes: { html: string; target: string[]; failureSummary: string }[] }[];
}

