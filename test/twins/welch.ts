/** Share of the pooled measurements that is cut off at each end: what the scheduler and the collector do, not the hub. */
const CROPPED_SHARE = 0.05;

/** Welch's t of two samples after cropping both at the same pooled quantiles; positive where the first is slower. */
export function croppedT(one: readonly number[], other: readonly number[]): { t: number; difference: number } {
  const pooled = [...one, ...other].toSorted((left, right) => left - right);
  const from = pooled[Math.floor(pooled.length * CROPPED_SHARE)] ?? 0;
  const until = pooled[Math.ceil(pooled.length * (1 - CROPPED_SHARE)) - 1] ?? Infinity;
  const kept = (sample: readonly number[]): number[] => sample.filter((value) => value >= from && value <= until);
  return welchT(kept(one), kept(other));
}

/** Welch's t (unequal variances), with the difference of the means. @throws RangeError for samples of fewer than two */
export function welchT(one: readonly number[], other: readonly number[]): { t: number; difference: number } {
  const [first, second] = [momentsOf(one), momentsOf(other)];
  const difference = first.mean - second.mean;
  const error = Math.sqrt(first.variance / one.length + second.variance / other.length);
  return { t: error === 0 ? 0 : difference / error, difference };
}

function momentsOf(sample: readonly number[]): { mean: number; variance: number } {
  if (sample.length < 2) throw new RangeError('a sample has at least two values');
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  return { mean, variance: sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sample.length - 1) };
}
