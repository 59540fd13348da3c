//! What a drawing may hold. Both lists are sorted.

/// Elements; what is missing goes with all it holds.
#[rustfmt::skip]
pub(super) const ELEMENTS: &[&str] = &[
    "a", "animate", "animateMotion", "animateTransform", "circle", "clipPath", "defs", "desc", "ellipse",
    "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix",
    "feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood", "feFuncA",
    "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology", "feOffset",
    "fePointLight", "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence", "filter", "g", "image",
    "line", "linearGradient", "marker", "mask", "mpath", "path", "pattern", "polygon", "polyline",
    "radialGradient", "rect", "stop", "style", "svg", "switch", "symbol", "text", "textPath", "title",
    "tspan", "use",
];

/// Attributes on any of them, beside `href`, `id` and `style`, which are looked at one by one.
#[rustfmt::skip]
pub(super) const ATTRIBUTES: &[&str] = &[
    "accumulate", "additive", "alignment-baseline", "amplitude", "aria-describedby", "aria-hidden",
    "aria-label", "aria-labelledby", "attributeName", "attributeType", "azimuth", "baseFrequency",
    "baseline-shift", "begin", "bias", "by", "calcMode", "class", "clip", "clip-path", "clip-rule",
    "clipPathUnits", "color", "color-interpolation", "color-interpolation-filters", "color-rendering",
    "cursor", "cx", "cy", "d", "diffuseConstant", "direction", "display", "divisor", "dominant-baseline",
    "dur", "dx", "dy", "edgeMode", "elevation", "end", "exponent", "fill", "fill-opacity", "fill-rule",
    "filter", "filterUnits", "flood-color", "flood-opacity", "font-family", "font-size", "font-size-adjust",
    "font-stretch", "font-style", "font-variant", "font-weight", "from", "fx", "fy", "g1", "g2",
    "gradientTransform", "gradientUnits", "height", "image-rendering", "in", "in2", "intercept", "k1", "k2",
    "k3", "k4", "kernelMatrix", "kernelUnitLength", "keyPoints", "keySplines", "keyTimes", "lang",
    "lengthAdjust", "letter-spacing", "lighting-color", "limitingConeAngle", "marker-end", "marker-mid",
    "marker-start", "markerHeight", "markerUnits", "markerWidth", "mask", "maskContentUnits", "maskUnits",
    "max", "min", "mix-blend-mode", "mode", "numOctaves", "offset", "opacity", "operator", "order",
    "orient", "overflow", "paint-order", "path", "pathLength", "patternContentUnits", "patternTransform",
    "patternUnits", "points", "pointsAtX", "pointsAtY", "pointsAtZ", "preserveAlpha", "preserveAspectRatio",
    "primitiveUnits", "r", "radius", "refX", "refY", "repeatCount", "repeatDur", "restart", "result",
    "role", "rotate", "rx", "ry", "scale", "seed", "shape-rendering", "slope", "spacing",
    "specularConstant", "specularExponent", "spreadMethod", "startOffset", "stdDeviation", "stitchTiles",
    "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "surfaceScale",
    "systemLanguage", "tableValues", "targetX", "targetY", "text-anchor", "text-decoration",
    "text-rendering", "textLength", "to", "transform", "transform-origin", "type", "unicode-bidi", "values",
    "vector-effect", "version", "viewBox", "visibility", "white-space", "width", "word-spacing",
    "writing-mode", "x", "x1", "x2", "xChannelSelector", "y", "y1", "y2", "yChannelSelector", "z",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_sorted() {
        assert!(ELEMENTS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ATTRIBUTES.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
