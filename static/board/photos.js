// Rule: a face is fetched only when somebody looks: the row is in sight and scrolling rests. It is asked for once.

export class Photos {
  /** `at` is the stem of a photo's address; a candidate's id follows. */
  constructor(at) {
    Object.assign(this, { at, failed: new Set() });
  }

  /** These elements of rows are in sight and rest. */
  look(elements) {
    for (const { viewed } of elements) {
      const frame = viewed.element.querySelector('.face');
      if (!viewed.row.photo || !frame || frame.firstElementChild || this.failed.has(viewed.row.id)) continue;
      frame.append(this.picture(viewed.row.id));
    }
  }

  picture(id) {
    const picture = new Image();
    picture.alt = '';
    picture.decoding = 'async';
    picture.addEventListener('error', () => { this.failed.add(id); picture.remove(); });
    picture.src = this.at + id;
    return picture;
  }
}
