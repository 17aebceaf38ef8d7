// @ts-check
// Columns at the start of a table that stay in view while it scrolls.

/**
 * Keep the first columns of a table in view, each after the ones before it, whatever their widths become.
 * @param {HTMLTableElement} table
 * @param {number} columns
 */
export function keepInView(table, columns) {
  const place = () => {
    const heads = [...(table.tHead?.rows[0].cells ?? [])].slice(0, columns);
    const starts = heads.map((_, at) => heads.slice(0, at).reduce((sum, { offsetWidth }) => sum + offsetWidth, 0));
    for (const { cells } of table.rows)
      starts.forEach((start, at) => {
        cells[at].classList.add("sticky");
        cells[at].style.left = `${start}px`;
      });
  };
  new ResizeObserver(place).observe(table);
}
