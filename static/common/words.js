// Rule: pages bring their sentences along as patterns, in their own language; scripts only put values into them.

/** '{n} menit lalu' with {n: 3} -> '3 menit lalu'. */
export const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
