import type { EventCounts } from './events.ts';
import { giveBack } from './giveBack.ts';

/** Counts events while they come, a block at a time: users and items of any number, which are not known before. */
export class EventCounter {
  #users: Uint32Array = new Uint32Array(1 << 10);
  #items: Uint32Array = new Uint32Array(1 << 10);
  /** How many users there are, and how often the next event was of another one than the last. */
  #some = 0;
  #changes = 0;
  #last = -1;
  #length = 0;

  add(user: Int32Array, item: Int32Array): void {
    let [mostUser, mostItem] = [-1, -1];
    for (let i = 0; i < item.length; i++) {
      if (user[i] > mostUser) mostUser = user[i];
      if (item[i] > mostItem) mostItem = item[i];
    }
    this.#users = withPlace(this.#users, mostUser);
    this.#items = withPlace(this.#items, mostItem);
    this.#length = Math.max(this.#length, mostUser + 1);
    const [users, items] = [this.#users, this.#items];
    let [some, changes, last] = [this.#some, this.#changes, this.#last];
    for (let i = 0; i < item.length; i++) {
      const own = user[i];
      items[item[i]]++;
      if (users[own]++ === 0) some++;
      if (own === last) continue;
      changes++;
      last = own;
    }
    [this.#some, this.#changes, this.#last] = [some, changes, last];
  }

  /** What was counted; nothing is added after that. @param items how many there are */
  counts(items: number): EventCounts {
    const ofItems = new Uint32Array(items);
    ofItems.set(this.#items.subarray(0, items));
    const ofUsers = this.#users.slice(0, this.#length);
    giveBack(this.#users, this.#items);
    return { users: ofUsers, items: ofItems, isGrouped: this.#changes === this.#some };
  }
}

function withPlace(counts: Uint32Array, place: number): Uint32Array {
  if (place < counts.length) return counts;
  const larger = new Uint32Array(Math.max(place + 1, 2 * counts.length));
  larger.set(counts);
  giveBack(counts);
  return larger;
}
