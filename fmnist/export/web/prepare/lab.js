// From RGB to L*a*b* in OpenCV's integers: each from 0 to 255.
const SHIFT = 12
const GAMMA = 3
const UNIT = SHIFT + GAMMA
const WHITE = [0.950456, 1, 1.088754]
const XYZ = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
].map((row, i) => row.map((weight) => Math.round((weight * 2 ** SHIFT) / WHITE[i])))
const LINEAR = Array.from({ length: 256 }, (_, i) => {
  const level = i / 255
  return Math.round(255 * 2 ** GAMMA * (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4))
})
const ROOT = Array.from({ length: 384 * 2 ** GAMMA }, (_, i) => {
  const level = i / (255 * 2 ** GAMMA)
  return Math.round(2 ** UNIT * (level < 0.008856 ? level * 7.787 + 16 / 116 : Math.cbrt(level)))
})
const L_SCALE = Math.floor((116 * 255 + 50) / 100)
const L_SHIFT = -Math.floor((16 * 255 * 2 ** UNIT + 50) / 100)

const descale = (value, shift) => Math.floor((value + 2 ** (shift - 1)) / 2 ** shift)

export function toLab(red, green, blue) {
  const linear = [LINEAR[red], LINEAR[green], LINEAR[blue]]
  const [x, y, z] = XYZ.map((row) => ROOT[descale(row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2], SHIFT)])
  const middle = 128 * 2 ** UNIT
  return [
    descale(L_SCALE * y + L_SHIFT, UNIT),
    descale(500 * (x - y) + middle, UNIT),
    descale(200 * (y - z) + middle, UNIT),
  ]
}
