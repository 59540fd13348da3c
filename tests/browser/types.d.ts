// The types that the scripts of the theme and of the preview name in their comments.

export {};

declare global {
  /** A word in the language of the site; one that counts has a form for each plural category. */
  type Word = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });
  type Words = Record<string, Word>;
  /** Says a word with its places filled. */
  type Say = (word: string, filled?: Record<string, string | number>) => string;

  /** What `make` takes as an attribute. */
  type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);
  type Child = Node | string | null | undefined;
  type Make = <Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    attributes?: Record<string, Attribute>,
    ...children: Child[]
  ) => HTMLElementTagNameMap[Name];

  /** What the page for writing needs, as `view::write` makes it. */
  interface WriteSettings {
    home: string;
    root: string;
    /** The name of a kind, its folder, the link to its list, and its file with places. */
    kinds: [string, string, string, string][];
    new: string | null;
    issue: string | null;
    upload: string | null;
    branch: string | null;
    longest: number;
    mail: string | null;
    nameless: string;
    words: Words;
  }
  /** A question that is answered: its title, the folder of its answers, and whose there are. */
  interface Question {
    title: string;
    folder: string;
    answers: string[];
  }
  /** A picture in a text. After a reload its file is gone. */
  interface Picture {
    name: string;
    file?: File;
  }
  /** What the preview is made of: a text, or the name of an element, its attributes and what stands in it. */
  type Tree = string | [string, Record<string, string>, ...Tree[]];
  /** What the preview's engine is asked. */
  interface PreviewExports {
    memory: WebAssembly.Memory;
    input(length: number): number;
    output(): number;
    output_len(): number;
    render(): void;
  }
  /** What was typed, as the browser keeps it. */
  interface Draft {
    typed?: Record<string, string>;
    question?: Question | null;
    pictures?: string[];
  }
  /** A file that was made of what was typed. */
  interface Made {
    dir: string;
    name: string;
    text: string;
    title: string;
    pictures: Picture[];
  }

  /** What the search is asked for besides words: values by facet. */
  type Filters = Record<string, string | string[] | boolean | null | undefined>;
  /** A question to the search. */
  interface SearchQuestion {
    query?: string;
    limit?: number;
    counts?: boolean;
    filters?: Filters;
    shown?: number[];
  }
  /** Something that hits are filtered by, and what its values are called. */
  interface Facet {
    name: string;
    label: string;
    values: Record<string, string>;
  }
  /** What a reader chose of each filter. */
  type Chosen = Record<string, string | undefined>;
  /** A page that was found. Marks are ranges of the snippet, counted in characters. */
  interface Hit {
    url: string;
    title: string;
    kind: string;
    score: number;
    coverage: number;
    snippet: string;
    marks: [number, number][];
    by?: string;
  }
  interface Count {
    field: string;
    value: string;
    count: number;
  }
  interface Suggestion {
    from: string;
    to: string;
  }
  /** The answer to a question: hits, or what went wrong. */
  interface Answer {
    id?: number;
    hits?: Hit[];
    documents?: number[];
    doubtful?: boolean;
    counts?: Count[];
    suggestions?: Suggestion[];
    excluded?: string[];
    loosened?: string[];
    error?: string;
    reason?: string;
  }

  /** What the theme writes into the first line of `search.js` and of `doors.js`. */
  const words: Words;
  const places: {
    worker: string;
    engine: string;
    index: string;
    page: string;
    ask: string | null;
    write: string | null;
    question: string;
  };
  const facets: Facet[];
  const nameless: string;
  /** Where `alerts.js` finds what is urgent. */
  const alertsAt: string;

  /** What is urgent, as `/alerts.json` says it. */
  interface Alert {
    url: string;
    title: string;
    places: { id: string; name: string }[];
    products: { id: string; name: string }[];
    starts: string | null;
    expires: string | null;
    until: string | null;
  }

  /** What the file says that names the folder of the index. */
  interface Manifest {
    version: number;
    folder: string;
    /** What values of facets are called that come from content. */
    values?: Record<string, Record<string, string>>;
  }
  /** What was fetched for a question. */
  interface Spent {
    rounds: number;
    bytes: number;
  }
  /** The functions of the engine of the search, as `search/wasm` has them. */
  interface EngineExports {
    memory: WebAssembly.Memory;
    input(length: number): number;
    output(): number;
    output_len(): number;
    open(unused: number): number;
    ask(unused: number): number;
    give(number: number): number;
  }

  /** What the preview says to its open pages: it is there, something changed, it is away. */
  type Hear = (message: Hello | Update | { kind: "away" }) => void;
  interface Hello {
    kind: "hello";
    version: string;
    follow: boolean;
    build: string;
    number: number;
  }
  interface Update {
    kind: "update";
    number: number;
    files: string[] | null;
    moved: [string, string | null][];
    saved: Saved | null;
    problems: boolean;
  }
  /** Where something was saved, and the words that changed. */
  interface Saved {
    address: string;
    fragment?: string | null;
    words: string;
  }
  /** A page as the preview sends it now; without the page if it is the same. */
  interface Fetched {
    status: number;
    url: string;
    state: string;
    page?: Document;
  }
  type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  interface Counted {
    errors: number;
    warnings: number;
  }
  interface Problem {
    key: string;
    file: string;
    line: number;
    column: number;
    severity: "error" | "warning";
    message: string;
    help?: string | null;
    fix?: string | null;
    excerpt?: string | null;
    edit?: string | null;
    stands_ms: number;
    stops: boolean;
    holds: boolean;
  }
  /** Where a block of a page is written. */
  interface Origin {
    text: string;
    path: string;
    line: number;
    edit?: string | null;
  }
  /** What the preview says of a page, by the name under which it is asked. */
  interface Said {
    problems: { page: Counted; site: Counted; problems: Problem[] };
    origins: { editor: boolean; blocks: Origin[] };
  }

  interface DocumentEventMap {
    /** A script asks the search of the site. */
    "longhouse:ask": CustomEvent<{ question: SearchQuestion; answer: (answer: Answer) => void }>;
    /** In a preview: the page is about to become this one. */
    "longhouse:before-update": CustomEvent<{ document: Document }>;
    /** In a preview: these files changed; all of them if nothing is named. */
    "longhouse:updated": CustomEvent<{ files: string[] | null; page?: boolean }>;
  }
}
