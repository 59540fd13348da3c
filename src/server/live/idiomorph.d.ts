// What of idiomorph, which is published without types of its own, the preview uses.

export interface Callbacks {
  beforeNodeAdded?(node: Node): boolean;
  afterNodeAdded?(node: Node): void;
  beforeNodeMorphed?(live: Node, next: Node): boolean;
  afterNodeMorphed?(live: Node, next: Node): void;
  beforeNodeRemoved?(node: Node): boolean;
  beforeAttributeUpdated?(name: string, live: Element, kind: "update" | "remove"): boolean;
}

export const Idiomorph: {
  morph(live: Node, next: Node, options: { head?: { style: "none" }; callbacks?: Callbacks }): Node[];
};
