//! Tables for languages that no grammar knows, or knows only at great cost. They are as good as words and
//! signs alone can make them: comments, strings, numbers, what is a keyword and what is called.

use super::{
    AT, CALLS, CAPITALS, DASHES, DOLLAR, DOUBLE, FOLD, LIKE_C, NONE, OPTIONS, PREPROCESSOR, Quote, Rules,
    SINGLE, SPACED, SYMBOLS, quote, verbatim,
};

#[rustfmt::skip]
pub(super) static FURTHER: &[Rules] = &[
    Rules {
        names: &["powershell", "ps", "ps1", "pwsh", "psm1", "psd1", "posh"],
        line_comments: &["#"],
        block_comment: Some(("<#", "#>")),
        quotes: &[
            Quote { open: "@\"", close: "\"@", escapes: false, lines: true, holes: true },
            Quote { open: "@'", close: "'@", escapes: false, lines: true, holes: false },
            Quote { open: "\"", close: "\"", escapes: false, lines: true, holes: true },
            verbatim("'", true),
        ],
        keywords: &[
            "begin", "break", "catch", "class", "continue", "data", "do", "dynamicparam", "else", "elseif", "end",
            "enum", "exit", "filter", "finally", "for", "foreach", "from", "function", "hidden", "if", "in", "param",
            "process", "return", "static", "switch", "throw", "trap", "try", "until", "using", "while",
        ],
        traits: FOLD | DOLLAR | OPTIONS | DASHES,
        ..NONE
    },
    Rules {
        names: &["fsharp", "fs", "f#", "fsx", "fsi", "fsscript"],
        line_comments: &["//"],
        block_comment: Some(("(*", "*)")),
        quotes: &[
            quote("\"\"\"", true, false),
            Quote { open: "@\"", close: "\"", escapes: false, lines: true, holes: false },
            quote("\"", true, false),
        ],
        keywords: &[
            "abstract", "and", "as", "assert", "async", "await", "base", "begin", "class", "default", "delegate", "do",
            "done", "downcast", "downto", "elif", "else", "end", "exception", "extern", "finally", "fixed", "for",
            "fun", "function", "global", "if", "in", "inherit", "inline", "interface", "internal", "lazy", "let",
            "match", "member", "module", "mutable", "namespace", "new", "not", "of", "open", "or", "override",
            "private", "public", "rec", "return", "select", "sig", "static", "struct", "task", "then", "to", "try",
            "type", "upcast", "use", "val", "void", "when", "while", "with", "yield",
        ],
        constants: &["Error", "None", "Ok", "Some", "false", "null", "true"],
        types: &[
            "array", "bigint", "bool", "byte", "char", "decimal", "double", "exn", "float", "float32", "int", "int16",
            "int32", "int64", "list", "nativeint", "obj", "option", "sbyte", "seq", "single", "string", "uint16",
            "uint32", "uint64", "unit",
        ],
        traits: CAPITALS | CALLS,
    },
    Rules {
        names: &[
            "vb", "vbnet", "vb.net", "vbs", "vba", "vbscript", "visualbasic", "visual-basic", "basic", "qbasic",
            "freebasic", "twinbasic", "foxpro", "vfp", "clipper", "xbase", "harbour", "progress", "openedge",
        ],
        line_comments: &["'"],
        quotes: &[verbatim("\"", false)],
        keywords: &[
            "addhandler", "addressof", "alias", "and", "andalso", "as", "async", "await", "byref", "byval", "call",
            "case", "catch", "class", "const", "continue", "declare", "default", "delegate", "dim", "directcast", "do",
            "each", "else", "elseif", "end", "enum", "erase", "error", "event", "exit", "explicit", "finally", "for",
            "friend", "function", "get", "gettype", "global", "gosub", "goto", "handles", "if", "implements", "imports",
            "in", "inherits", "interface", "is", "isnot", "let", "lib", "like", "loop", "me", "mod", "module",
            "mustinherit", "mustoverride", "mybase", "namespace", "new", "next", "not", "notinheritable", "of", "on",
            "operator", "option", "optional", "or", "orelse", "overloads", "overridable", "overrides", "paramarray",
            "partial", "preserve", "private", "property", "protected", "public", "raiseevent", "readonly", "redim",
            "resume", "return", "select", "set", "shadows", "shared", "static", "step", "stop", "strict", "sub",
            "synclock", "then", "throw", "to", "try", "typeof", "until", "using", "wend", "when", "while", "with",
            "withevents", "writeonly", "xor", "yield",
        ],
        constants: &["empty", "false", "nothing", "null", "true"],
        types: &[
            "boolean", "byte", "char", "currency", "date", "decimal", "double", "integer", "long", "object", "short",
            "single", "string", "variant",
        ],
        traits: FOLD | CALLS | PREPROCESSOR,
        ..NONE
    },
    Rules {
        names: &["gherkin", "cucumber", "feature"],
        line_comments: &["#"],
        quotes: &[quote("\"\"\"", true, false), verbatim("```", true), quote("\"", false, false)],
        keywords: &[
            "Ability", "And", "Background", "But", "Example", "Examples", "Feature", "Given", "Need", "Outline", "Rule",
            "Scenario", "Scenarios", "Template", "Then", "When",
        ],
        traits: AT,
        ..NONE
    },
    Rules {
        names: &["kql", "kusto", "csl", "spl", "splunk", "eql"],
        line_comments: &["//"],
        quotes: &[Quote { open: "@\"", close: "\"", escapes: false, lines: false, holes: false }, DOUBLE, SINGLE],
        keywords: &[
            "and", "as", "asc", "between", "by", "contains", "count", "datatable", "desc", "distinct", "evaluate",
            "extend", "facet", "find", "fork", "from", "getschema", "has", "has_all", "has_any", "in", "inner",
            "invoke", "join", "kind", "leftouter", "let", "limit", "lookup", "make-series", "materialize", "mv-apply",
            "mv-expand", "not", "of", "on", "or", "order", "parse", "partition", "print", "project", "project-away",
            "project-keep", "project-rename", "project-reorder", "range", "reduce", "render", "sample", "scan",
            "search", "serialize", "sort", "startswith", "step", "summarize", "take", "to", "top", "union", "where",
            "with",
        ],
        constants: &["false", "null", "true"],
        types: &[
            "bool", "datetime", "decimal", "double", "dynamic", "guid", "int", "long", "real", "string", "timespan",
        ],
        traits: CALLS | DASHES,
        ..NONE
    },
    Rules {
        names: &["promql", "logql", "metricsql"],
        line_comments: &["#"],
        quotes: &[DOUBLE, SINGLE, verbatim("`", true)],
        keywords: &[
            "and", "bool", "by", "group_left", "group_right", "ignoring", "json", "label_format", "line_format",
            "logfmt", "offset", "on", "or", "pattern", "regexp", "unless", "unwrap", "without",
        ],
        constants: &["Inf", "NaN"],
        traits: CALLS,
        ..NONE
    },
    Rules {
        names: &["cypher", "opencypher"],
        line_comments: &["//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE, SINGLE, verbatim("`", false)],
        keywords: &[
            "all", "and", "any", "as", "asc", "ascending", "by", "call", "case", "constraint", "contains", "create",
            "cross", "csv", "delete", "desc", "descending", "detach", "distinct", "drop", "each", "else", "end", "ends",
            "exists", "explain", "false", "foreach", "from", "headers", "if", "in", "index", "is", "join", "limit",
            "load", "match", "merge", "not", "null", "on", "optional", "or", "order", "profile", "remove", "return",
            "set", "single", "skip", "starts", "then", "true", "union", "unique", "unwind", "use", "using", "when",
            "where", "with", "xor", "yield",
        ],
        traits: FOLD | CALLS | CAPITALS | SYMBOLS,
        ..NONE
    },
    Rules {
        names: &["sparql", "rq", "turtle", "ttl", "n3", "nt", "trig", "shacl"],
        line_comments: &["#"],
        quotes: &[
            Quote { open: "<", close: ">", escapes: false, lines: false, holes: false },
            quote("\"\"\"", true, false),
            DOUBLE,
            SINGLE,
        ],
        keywords: &[
            "a", "add", "all", "as", "asc", "ask", "base", "bind", "by", "clear", "construct", "copy", "create", "data",
            "default", "delete", "desc", "describe", "distinct", "drop", "exists", "filter", "from", "graph", "group",
            "having", "in", "insert", "into", "limit", "load", "minus", "move", "named", "not", "offset", "optional",
            "order", "prefix", "reduced", "select", "service", "silent", "to", "undef", "union", "using", "values",
            "where", "with",
        ],
        constants: &["false", "true"],
        traits: FOLD | CALLS | AT | DOLLAR,
        ..NONE
    },
    Rules {
        names: &[
            "red", "rebol", "hy", "fennel", "fnl", "janet", "wat", "wast", "wasm", "smt", "smt2", "smtlib", "z3",
            "pddl", "guile", "chicken", "chez", "gambit", "scheme",
        ],
        line_comments: &[";"],
        quotes: &[quote("\"", true, false)],
        keywords: &[
            "and", "assert", "begin", "block", "br", "br_if", "call", "case", "check-sat", "cond", "data",
            "declare-const", "declare-fun", "def", "define", "define-fun", "define-macro", "define-record-type",
            "define-syntax", "defmacro", "defn", "defun", "delay", "do", "drop", "elem", "else", "end", "export", "fn",
            "for", "func", "get-model", "global", "if", "import", "in", "lambda", "let", "let*", "letrec", "letrec*",
            "local", "loop", "macro", "memory", "module", "mut", "not", "or", "param", "quasiquote", "quote", "result",
            "return", "set", "set!", "start", "syntax-rules", "table", "then", "type", "unless", "unquote", "var",
            "when", "while",
        ],
        constants: &["false", "nil", "true"],
        types: &["Bool", "Int", "Real", "externref", "f32", "f64", "funcref", "i32", "i64", "v128"],
        traits: DASHES,
        ..NONE
    },
    Rules {
        names: &["prolog", "swipl", "datalog", "logtalk"],
        line_comments: &["%"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE, SINGLE],
        keywords: &["discontiguous", "dynamic", "is", "mod", "module", "not", "rem", "use_module", "xor"],
        constants: &["fail", "false", "nil", "true"],
        traits: CAPITALS | CALLS,
        ..NONE
    },
    Rules {
        names: &["cobol", "cob", "cbl"],
        line_comments: &["*>"],
        quotes: &[verbatim("\"", false), verbatim("'", false)],
        keywords: &[
            "accept", "add", "after", "all", "and", "are", "ascending", "assign", "at", "author", "before", "by",
            "call", "cancel", "close", "comp", "computational", "compute", "configuration", "continue", "control",
            "copy", "corresponding", "data", "date", "delete", "depending", "descending", "display", "divide",
            "division", "do", "else", "end", "end-if", "end-perform", "end-read", "environment", "evaluate", "exit",
            "fd", "file", "file-control", "from", "function", "giving", "go", "goback", "greater", "identification",
            "if", "in", "initialize", "input", "input-output", "inspect", "into", "invalid", "is", "key", "less",
            "line", "linkage", "local-storage", "move", "multiply", "next", "not", "occurs", "of", "on", "open", "or",
            "organization", "output", "perform", "pic", "picture", "procedure", "program", "program-id", "read",
            "record", "redefines", "remainder", "replacing", "return", "returning", "rewrite", "rounded", "run",
            "search", "section", "select", "sequential", "set", "size", "sort", "stop", "string", "subtract", "sum",
            "switch", "tallying", "than", "then", "thru", "times", "to", "unstring", "until", "up", "upon", "usage",
            "using", "value", "varying", "when", "with", "working-storage", "write",
        ],
        constants: &[
            "false", "high-values", "low-values", "quotes", "space", "spaces", "true", "zero", "zeroes", "zeros",
        ],
        traits: FOLD | DASHES,
        ..NONE
    },
    Rules {
        names: &["abap", "abap4"],
        line_comments: &["\""],
        quotes: &[verbatim("'", false), verbatim("`", false), verbatim("|", false)],
        keywords: &[
            "and", "append", "appending", "as", "assign", "at", "authority-check", "begin", "by", "call", "case",
            "catch", "changing", "check", "class", "clear", "close", "collect", "commit", "concatenate", "condense",
            "constants", "continue", "create", "data", "define", "delete", "describe", "do", "else", "elseif", "end",
            "endcase", "endclass", "endfunction", "endif", "endinterface", "endloop", "endmethod", "endmodule",
            "endselect", "endtry", "endwhile", "exception", "exit", "exporting", "field-symbols", "find", "for", "form",
            "from", "function", "get", "if", "implementation", "import", "importing", "in", "initial", "inner",
            "insert", "interface", "into", "is", "join", "key", "like", "loop", "message", "method", "methods",
            "modify", "module", "move", "new", "not", "object", "of", "on", "or", "order", "parameters", "perform",
            "private", "program", "protected", "public", "raise", "raising", "read", "receiving", "ref", "replace",
            "report", "return", "returning", "search", "section", "select", "select-options", "set", "shift", "single",
            "sort", "split", "standard", "start-of-selection", "submit", "table", "tables", "then", "to",
            "transporting", "try", "type", "types", "up", "update", "using", "value", "when", "where", "while", "with",
            "work", "write",
        ],
        constants: &["abap_false", "abap_true", "space"],
        traits: FOLD | CALLS | DASHES,
        ..NONE
    },
    Rules {
        names: &["sas", "stata", "spss", "rexx", "jcl", "pli", "pl/1"],
        block_comment: Some(("/*", "*/")),
        quotes: &[verbatim("\"", false), verbatim("'", false)],
        keywords: &[
            "and", "array", "by", "call", "class", "data", "do", "drop", "else", "end", "exec", "exit", "format",
            "freq", "from", "gen", "generate", "if", "in", "input", "into", "keep", "label", "length", "libname",
            "list", "means", "merge", "model", "not", "or", "otherwise", "out", "output", "print", "proc", "procedure",
            "put", "quit", "reg", "regress", "rename", "replace", "retain", "return", "run", "say", "select", "set",
            "signal", "sort", "sql", "summarize", "table", "then", "title", "to", "until", "use", "var", "when",
            "where", "while",
        ],
        traits: FOLD | CALLS,
        ..NONE
    },
    Rules {
        names: &["autohotkey", "ahk", "autoit", "au3"],
        line_comments: &[";"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE, SINGLE],
        keywords: &[
            "and", "break", "case", "catch", "class", "continue", "dim", "do", "else", "elseif", "endfunc", "endif",
            "endselect", "endswitch", "exit", "exitloop", "extends", "finally", "for", "func", "global", "goto", "if",
            "in", "local", "loop", "next", "not", "or", "return", "select", "static", "step", "switch", "then", "throw",
            "to", "try", "until", "wend", "while", "with",
        ],
        constants: &["false", "null", "true"],
        traits: FOLD | CALLS | DOLLAR | PREPROCESSOR,
        ..NONE
    },
    Rules {
        names: &["smalltalk", "gst", "pharo", "squeak"],
        block_comment: Some(("\"", "\"")),
        quotes: &[verbatim("'", true)],
        keywords: &["self", "super", "thisContext"],
        constants: &["false", "nil", "true"],
        traits: CAPITALS | SYMBOLS,
        ..NONE
    },
    Rules {
        names: &["coq", "rocq", "isabelle"],
        block_comment: Some(("(*", "*)")),
        quotes: &[verbatim("\"", true)],
        keywords: &[
            "Abort", "Admitted", "Axiom", "Check", "Class", "CoInductive", "Compute", "Context", "Definition", "End",
            "Eval", "Example", "Export", "Fact", "Fixpoint", "From", "Goal", "Hint", "Import", "Inductive", "Instance",
            "Lemma", "Let", "Ltac", "Module", "Notation", "Open", "Parameter", "Print", "Proof", "Proposition", "Qed",
            "Record", "Remark", "Require", "Scope", "Search", "Section", "Theorem", "Variable", "Variables", "apply",
            "as", "assumption", "auto", "by", "cofix", "destruct", "discriminate", "eauto", "elim", "else", "end",
            "exact", "exists", "fix", "for", "forall", "fun", "if", "in", "induction", "injection", "intro", "intros",
            "inversion", "left", "let", "lia", "match", "omega", "reflexivity", "return", "rewrite", "right", "simpl",
            "split", "symmetry", "then", "trivial", "unfold", "using", "with",
        ],
        types: &["Prop", "Set", "Type", "bool", "list", "nat"],
        ..NONE
    },
    Rules {
        names: &["mathematica", "wolfram", "wl", "mma"],
        block_comment: Some(("(*", "*)")),
        quotes: &[quote("\"", true, false)],
        constants: &["E", "False", "I", "Infinity", "None", "Pi", "True"],
        traits: CAPITALS | CALLS,
        ..NONE
    },
    Rules {
        names: &["maxima", "maple", "gams", "ampl", "minizinc", "mzn", "lingo"],
        line_comments: &["%", "#", "//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE, SINGLE],
        keywords: &[
            "and", "array", "by", "constraint", "do", "elif", "else", "elseif", "end", "endif", "fi", "for", "forall",
            "from", "function", "if", "in", "include", "int", "let", "local", "maximize", "minimize", "not", "od", "of",
            "or", "output", "par", "param", "predicate", "proc", "return", "satisfy", "set", "solve", "subject", "sum",
            "test", "then", "to", "var", "where", "while",
        ],
        constants: &["false", "true"],
        traits: CALLS,
        ..NONE
    },
    Rules {
        names: &["forth", "fth", "factor", "gforth"],
        line_comments: &["\\"],
        quotes: &[],
        keywords: &[
            "+loop", ":", ";", "again", "allot", "begin", "case", "constant", "create", "do", "does>", "drop", "dup",
            "else", "endcase", "endof", "exit", "if", "leave", "loop", "of", "over", "repeat", "rot", "swap", "then",
            "until", "variable", "while",
        ],
        traits: FOLD,
        ..NONE
    },
    Rules {
        names: &[
            "gnu-assembler", "gas", "armasm", "arm", "aarch64", "riscv", "mips", "avr", "x86", "x86asm", "x64", "masm",
            "fasm", "llvm-mir", "ptx", "spirv",
        ],
        line_comments: &[";", "//", "@"],
        block_comment: Some(("/*", "*/")),
        quotes: &[DOUBLE, SINGLE],
        keywords: &[
            "adc", "add", "addi", "and", "b", "beq", "bge", "bgt", "bic", "bl", "ble", "blt", "blx", "bne", "bx",
            "call", "cbnz", "cbz", "cmp", "dec", "div", "eor", "idiv", "imul", "inc", "int", "j", "jal", "jalr", "je",
            "jg", "jge", "jl", "jle", "jmp", "jne", "jnz", "jr", "jz", "la", "ldi", "ldp", "ldr", "ldrb", "lea",
            "leave", "li", "ll", "lsl", "lsr", "lui", "lw", "mla", "mov", "movi", "movk", "movl", "movq", "movs",
            "movz", "mul", "mvn", "neg", "nop", "not", "or", "orr", "out", "pop", "push", "ret", "rsb", "sbc", "sc",
            "shl", "shr", "stp", "str", "strb", "sub", "subs", "svc", "sw", "syscall", "test", "tst", "udiv", "xchg",
            "xor",
        ],
        types: &[
            "al", "ax", "bl", "bp", "bx", "cl", "cx", "di", "dl", "dx", "eax", "ebp", "ebx", "ecx", "edi", "edx", "esi",
            "esp", "lr", "pc", "r0", "r1", "r10", "r11", "r12", "r13", "r14", "r15", "r2", "r3", "r4", "r5", "r6", "r7",
            "r8", "r9", "rax", "rbp", "rbx", "rcx", "rdi", "rdx", "rip", "rsi", "rsp", "si", "sp", "w0", "w1", "w2",
            "x0", "x1", "x2", "x29", "x30",
        ],
        traits: FOLD,
        ..NONE
    },
    Rules {
        names: &["postscript", "eps"],
        line_comments: &["%"],
        quotes: &[],
        keywords: &[
            "add", "begin", "bind", "copy", "curveto", "def", "div", "dup", "end", "exch", "exec", "fill", "findfont",
            "for", "forall", "get", "grestore", "gsave", "if", "ifelse", "index", "lineto", "load", "loop", "moveto",
            "mul", "newpath", "pop", "put", "repeat", "restore", "rlineto", "roll", "rotate", "save", "scale",
            "scalefont", "setfont", "setlinewidth", "setrgbcolor", "show", "showpage", "stroke", "sub", "translate",
        ],
        constants: &["false", "null", "true"],
        ..NONE
    },
    Rules {
        names: &["lilypond", "ly"],
        line_comments: &["%"],
        block_comment: Some(("%{", "%}")),
        quotes: &[DOUBLE],
        keywords: &["include", "repeat"],
        traits: CALLS,
        ..NONE
    },
    Rules {
        names: &["bnf", "ebnf", "abnf", "asn1", "asn.1", "ohm"],
        line_comments: &[";", "--"],
        block_comment: Some(("(*", "*)")),
        quotes: &[verbatim("\"", false), verbatim("'", false)],
        keywords: &[
            "ABSENT", "AUTOMATIC", "BEGIN", "BOOLEAN", "BY", "CHOICE", "COMPONENTS", "DEFAULT", "DEFINED",
            "DEFINITIONS", "END", "ENUMERATED", "EXPORTS", "FROM", "IMPORTS", "INTEGER", "OBJECT", "OCTET", "OF",
            "OPTIONAL", "PRESENT", "SEQUENCE", "SET", "SIZE", "STRING", "TAGS", "UNION",
        ],
        ..NONE
    },
    // Languages that are not written as C is, but near enough to be read by it.
    Rules {
        names: &[
            "vala", "haxe", "hx", "gleam", "carbon", "squirrel", "nut", "wren", "angelscript", "ballerina", "apex",
            "processing", "pde", "thrift", "avdl", "capnp", "capnproto", "flatbuffers", "fbs", "prisma", "dbml",
            "bicep", "cue", "cuelang", "pkl", "openscad", "scad", "dafny", "alloy", "yara", "chapel", "chpl", "zeek",
            "bro", "jai", "hare", "pony", "unrealscript", "sourcepawn", "sp", "pawn", "pwn", "antlr", "antlr4", "g4",
            "peg", "pegjs", "yacc", "bison", "lex", "flex", "linkerscript", "ld", "dts", "devicetree", "qss",
            "pikelang", "pike", "hack", "vlang", "mercury", "oz", "mlir", "ron", "clike", "flux", "opa", "nasl",
            "povray", "pov", "excel", "excel-formula", "xls", "dax", "powerquery", "pq", "powerfx", "ceylon", "xtend",
            "promela", "pml", "qsharp", "q#", "openqasm", "qasm", "move", "cairo", "noir", "sway", "fe", "ligo", "vcl",
            "varnish", "bluespec", "chisel", "typespec", "smithy", "wit", "logstash", "jenkins", "pug", "jade", "mql4",
            "mql5", "cadence", "aiken",
        ],
        keywords: &[
            "abstract", "alias", "alloc", "and", "annotation", "any", "array", "as", "assert", "async", "await", "base",
            "bool", "break", "by", "bytes", "case", "cast", "catch", "checked", "class", "component", "const",
            "constraint", "constructor", "continue", "contract", "def", "default", "defer", "delete", "dependsOn", "do",
            "dynamic", "else", "elseif", "emit", "ensures", "enum", "event", "exception", "existing", "exists",
            "export", "extend", "extends", "extern", "external", "final", "finally", "fn", "for", "forall", "foreach",
            "from", "func", "function", "get", "goto", "grammar", "if", "implements", "import", "in", "include",
            "infer", "inherits", "inline", "inout", "input", "interface", "internal", "invariant", "is", "let", "lexer",
            "library", "lock", "loop", "match", "message", "method", "mixin", "mod", "model", "modifies", "module",
            "mut", "namespace", "native", "new", "not", "null", "of", "on", "oneway", "opaque", "open", "operator",
            "option", "or", "out", "output", "override", "package", "param", "parser", "persist", "pragma", "pred",
            "private", "proc", "property", "protected", "protocol", "pub", "public", "pure", "raise", "readonly",
            "reads", "record", "ref", "requires", "resource", "rethrow", "return", "returns", "rule", "sealed",
            "select", "selfdestruct", "service", "set", "shared", "sig", "signal", "spawn", "static", "strict",
            "struct", "sub", "super", "sus", "suspend", "switch", "table", "template", "test", "then", "this", "throw",
            "throws", "to", "trait", "transient", "try", "type", "typedef", "union", "unless", "unsafe", "until", "use",
            "using", "val", "var", "variant", "version", "view", "virtual", "void", "volatile", "when", "where",
            "while", "with", "yield",
        ],
        constants: &["Nil", "None", "Some", "false", "nil", "null", "self", "true", "undefined"],
        types: &[
            "Bool", "Boolean", "Float", "Int", "Integer", "String", "address", "bool", "boolean", "byte", "bytes",
            "char", "double", "float", "float32", "float64", "i16", "i32", "i64", "i8", "int", "int16", "int32",
            "int64", "int8", "long", "number", "object", "string", "u16", "u32", "u64", "u8", "uint", "uint256",
            "uint32", "uint64", "uint8", "void",
        ],
        traits: CAPITALS | CALLS | AT | PREPROCESSOR,
        ..LIKE_C
    },
    // Configuration files and the like, which have comments with a sharp, strings, numbers and a few words.
    Rules {
        names: &[
            "config", "caddyfile", "caddy", "haproxy", "squid", "fluentd", "fluentbit", "meson", "sed", "kconfig", "gdb",
            "gdbinit", "lldb", "renpy", "procfile", "yang", "hocon", "po", "pot", "gettext", "irc", "fortios", "junos",
            "ios", "cisco", "routeros", "mikrotik", "iptables", "nftables", "udev", "openvpn", "ovpn", "dhcpd", "named",
            "bind", "zone", "lighttpd", "snort", "tmux", "tmux.conf", "i3", "kdl", "sxhkd", "muttrc", "screenrc",
            "procmail", "monit", "supervisord", "asterisk", "cnf", "hosts", "hostfile", "redis", "dns", "qmake", "pro",
            "lucene", "ledger", "hledger", "beancount", "mirc",
        ],
        line_comments: &["#"],
        quotes: &[DOUBLE, verbatim("'", false)],
        keywords: &[
            "accept", "acl", "add", "address", "allow", "and", "backend", "basic_auth", "bind", "config", "copy",
            "default", "define", "delete", "deny", "disable", "drop", "else", "enable", "encode", "endforeach", "endif",
            "exit", "file_server", "filter", "for", "foreach", "forward", "frontend", "global", "handle", "handle_path",
            "header", "if", "import", "include", "input", "interface", "ip", "listen", "log", "map", "match", "mode",
            "module", "not", "on", "option", "or", "output", "permit", "redir", "redirect", "reject", "remove",
            "respond", "return", "reverse_proxy", "rewrite", "route", "rule", "select", "server", "service", "set",
            "show", "source", "then", "timeout", "tls", "to", "use", "with",
        ],
        constants: &["false", "no", "null", "off", "on", "true", "yes"],
        traits: SPACED,
        ..NONE
    },
];
