// Where the server keeps everything: in memory, and within reach of the controls.

/** Model → identifier → what is kept. */
const kept = new Map();

const shelf = (model) => kept.get(model) ?? kept.set(model, new Map()).get(model);

/** Removes all of these models; how many there were. */
export function forget(...models) {
  const total = models.reduce((sum, model) => sum + shelf(model).size, 0);
  models.forEach((model) => shelf(model).clear());
  return total;
}

/** An adapter as oidc-provider wants one. */
export class Memory {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload, expiresIn) {
    const ends = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
    shelf(this.model).set(id, { payload, ends });
  }

  async find(id) {
    const found = shelf(this.model).get(id);
    return found && found.ends > Date.now() ? found.payload : undefined;
  }

  async findByUid(uid) {
    return this.#first((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode) {
    return this.#first((payload) => payload.userCode === userCode);
  }

  async consume(id) {
    shelf(this.model).get(id).payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    shelf(this.model).delete(id);
  }

  async revokeByGrantId(grantId) {
    for (const [id, { payload }] of shelf(this.model)) {
      if (payload.grantId === grantId) shelf(this.model).delete(id);
    }
  }

  #first(matches) {
    return [...shelf(this.model).values()].map(({ payload }) => payload).find(matches);
  }
}
