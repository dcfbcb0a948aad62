// The minimum cut of a grid of pixels, each connected with its eight neighbours. Source: Boykov and Kolmogorov (2004), An
// experimental comparison of min-cut/max-flow algorithms.
const [FREE, SOURCE, SINK] = [0, 1, 2]
const [TERMINAL, ORPHAN] = [8, 9]

// Directions in pairs: one and its opposite, which differ in the last bit.
export const DIRECTIONS = [[-1, 0], [1, 0], [-1, -1], [1, 1], [0, -1], [0, 1], [1, -1], [-1, 1]]

export class Grid {
  // A grid has a border of one, without capacities, so that each pixel has eight neighbours.
  constructor(width, height) {
    this.steps = DIRECTIONS.map(([dx, dy]) => dy * (width + 2) + dx)
    const size = (width + 2) * (height + 2)
    this.width = width
    this.terminal = new Float64Array(size) // from the source where it is above 0, else to the sink
    this.capacity = new Float64Array(8 * size)
    this.tree = new Uint8Array(size)
    this.parent = new Int8Array(size)
    this.stamp = new Int32Array(size)
    this.depth = new Int32Array(size)
    this.isActive = new Uint8Array(size)
    this.active = []
    this.orphans = []
    this.time = 0
  }

  at(x, y) {
    return (y + 1) * (this.width + 2) + x + 1
  }

  connect(i, direction, weight) {
    this.capacity[8 * i + direction] += weight
    this.capacity[8 * (i + this.steps[direction]) + (direction ^ 1)] += weight
  }

  // Let all flow from the source to the sink that can; afterwards `isSource` tells the side of each pixel.
  cut() {
    this.terminal.forEach((weight, i) => {
      if (weight) this.join(i, weight > 0 ? SOURCE : SINK, TERMINAL)
    })
    for (let head = 0; head < this.active.length; ) {
      const i = this.active[head]
      const meeting = this.tree[i] ? this.grow(i) : -1
      if (meeting < 0) {
        this.isActive[i] = 0
        head++
        continue
      }
      this.augment(i, meeting)
      this.time++
      while (this.orphans.length) this.adopt(this.orphans.pop())
    }
  }

  isSource(i) {
    return this.tree[i] === SOURCE
  }

  join(i, tree, parent) {
    this.tree[i] = tree
    this.parent[i] = parent
    this.activate(i)
  }

  activate(i) {
    if (this.isActive[i]) return
    this.isActive[i] = 1
    this.active.push(i)
  }

  // What can still flow away from the root of a pixel's tree to a neighbour, or towards it in the sink's tree.
  outward(i, direction) {
    if (this.tree[i] === SOURCE) return this.capacity[8 * i + direction]
    return this.capacity[8 * (i + this.steps[direction]) + (direction ^ 1)]
  }

  // Add free neighbours to a pixel's tree; returns the direction in which it meets the other tree, or -1.
  grow(i) {
    for (let direction = 0; direction < 8; direction++) {
      if (!(this.outward(i, direction) > 0)) continue
      const next = i + this.steps[direction]
      if (this.tree[next] === FREE) this.join(next, this.tree[i], direction ^ 1)
      else if (this.tree[next] !== this.tree[i]) return direction
    }
    return -1
  }

  augment(i, direction) {
    const other = i + this.steps[direction]
    const forward = this.tree[i] === SOURCE
    const edge = forward ? 8 * i + direction : 8 * other + (direction ^ 1)
    const [source, sink] = forward ? [i, other] : [other, i]
    const flow = Math.min(this.capacity[edge], this.leastUp(source), this.leastUp(sink))
    this.capacity[edge] -= flow
    this.capacity[forward ? 8 * other + (direction ^ 1) : 8 * i + direction] += flow
    this.pushUp(source, flow)
    this.pushUp(sink, flow)
  }

  // The edge between a pixel and its parent along which flow goes, and the opposite one.
  edgesUp(i) {
    const up = 8 * i + this.parent[i]
    const down = 8 * (i + this.steps[this.parent[i]]) + (this.parent[i] ^ 1)
    return this.tree[i] === SOURCE ? [down, up] : [up, down]
  }

  leastUp(start) {
    let [i, least] = [start, Infinity]
    for (; this.parent[i] !== TERMINAL; i += this.steps[this.parent[i]]) {
      least = Math.min(least, this.capacity[this.edgesUp(i)[0]])
    }
    return Math.min(least, Math.abs(this.terminal[i]))
  }

  pushUp(start, flow) {
    let i = start
    while (this.parent[i] !== TERMINAL) {
      const [edge, opposite] = this.edgesUp(i)
      const up = i + this.steps[this.parent[i]]
      this.capacity[edge] -= flow
      this.capacity[opposite] += flow
      if (!(this.capacity[edge] > 0)) this.orphan(i)
      i = up
    }
    this.terminal[i] -= this.tree[i] === SOURCE ? flow : -flow
    if (this.terminal[i] === 0) this.orphan(i)
  }

  orphan(i) {
    this.parent[i] = ORPHAN
    this.orphans.push(i)
  }

  // Find an orphan a new parent in its tree, the one nearest to the root; without one it becomes free.
  adopt(i) {
    let [best, least] = [-1, Infinity]
    for (let direction = 0; direction < 8; direction++) {
      const next = i + this.steps[direction]
      if (this.tree[next] !== this.tree[i] || !(this.outward(next, direction ^ 1) > 0)) continue
      const depth = this.depthOf(next)
      if (depth < least) [best, least] = [direction, depth]
    }
    if (best < 0) return this.release(i)
    this.parent[i] = best
    this.stamp[i] = this.time
    this.depth[i] = least + 1
  }

  release(i) {
    for (let direction = 0; direction < 8; direction++) {
      const next = i + this.steps[direction]
      if (this.tree[next] !== this.tree[i]) continue
      if (this.outward(next, direction ^ 1) > 0) this.activate(next)
      if (this.parent[next] === (direction ^ 1)) this.orphan(next)
    }
    this.tree[i] = FREE
  }

  // How far a pixel is from the root of its tree, or Infinity if it has lost it.
  depthOf(start) {
    let [i, depth] = [start, 0]
    while (this.stamp[i] !== this.time) {
      if (this.parent[i] === ORPHAN) return Infinity
      depth++
      if (this.parent[i] === TERMINAL) break
      i += this.steps[this.parent[i]]
    }
    if (this.stamp[i] === this.time) depth += this.depth[i]
    let left = depth
    for (let at = start; this.stamp[at] !== this.time; at += this.steps[this.parent[at]]) {
      this.stamp[at] = this.time
      this.depth[at] = left--
      if (this.parent[at] === TERMINAL) break
    }
    return depth
  }
}
