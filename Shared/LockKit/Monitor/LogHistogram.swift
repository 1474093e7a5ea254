/// Durations counted in buckets that widen with their size: constant memory, one relative error everywhere.
///
/// The unit is a microsecond, the range up to 67 s; longer ones fall into the last bucket, yet count exactly in `sum`
/// and `max`. Histograms of the same precision add up; percentiles never do.
struct LogHistogram: Sendable {
    /// Each power of two is divided into 2^precision buckets.
    private let precision: Int
    /// Empty until something is recorded: most keys never have a hold, and many slices hold nothing.
    private var counts: [UInt32] = []
    /// The buckets that have counted anything: most histograms use few, and only these are added up or cleared.
    private var used = 0..<0
    private(set) var count: UInt64 = 0
    private(set) var sumNanoseconds: UInt64 = 0
    private(set) var maxNanoseconds: UInt64 = 0

    private static let octaves = 26

    init(precision: Int) {
        self.precision = precision
    }

    mutating func record(nanoseconds: UInt64) {
        if counts.isEmpty {
            counts = [UInt32](repeating: 0, count: (Self.octaves - precision + 1) << precision)
        }
        let index = min(Self.index(of: nanoseconds / 1000, precision), counts.count - 1)
        if counts[index] < .max {
            counts[index] += 1
        }
        if !used.contains(index) {
            extendUse(to: index..<(index + 1))
        }
        count += 1
        sumNanoseconds &+= nanoseconds
        maxNanoseconds = max(maxNanoseconds, nanoseconds)
    }

    /// Adds what `other`, of the same precision, has counted.
    mutating func merge(_ other: LogHistogram) {
        guard other.count > 0 else { return }
        if counts.isEmpty {
            counts = other.counts
        } else {
            for index in other.used {
                let (sum, overflow) = counts[index].addingReportingOverflow(other.counts[index])
                counts[index] = overflow ? .max : sum
            }
        }
        extendUse(to: other.used)
        count += other.count
        sumNanoseconds &+= other.sumNanoseconds
        maxNanoseconds = max(maxNanoseconds, other.maxNanoseconds)
    }

    /// Forgets everything and keeps the memory for the next use.
    mutating func clear() {
        guard count > 0 else { return }
        for index in used {
            counts[index] = 0
        }
        used = 0..<0
        (count, sumNanoseconds, maxNanoseconds) = (0, 0, 0)
    }

    /// The duration that `fraction` of the recorded ones do not exceed, in nanoseconds, as the middle of its bucket.
    func percentile(_ fraction: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let rank = max(1, UInt64((fraction * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for index in used {
            seen += UInt64(counts[index])
            if seen >= rank {
                return min(Self.middle(of: index, precision) * 1000, maxNanoseconds)
            }
        }
        return maxNanoseconds
    }

    /// The counts of the buckets that have counted anything, and the first of these.
    var contents: (first: Int, counts: ArraySlice<UInt32>) { (used.lowerBound, counts[used]) }

    /// A histogram with these contents; nil when they cannot be those of one.
    init?(precision: Int, first: Int, counts: [UInt32], sumNanoseconds: UInt64, maxNanoseconds: UInt64) {
        let bucketCount = (Self.octaves - precision + 1) << precision
        guard first >= 0, counts.count <= bucketCount, first <= bucketCount - counts.count else { return nil }
        self.init(precision: precision)
        count = counts.reduce(0) { $0 + UInt64($1) }
        guard count > 0 else { return }
        used = first..<(first + counts.count)
        self.counts = [UInt32](repeating: 0, count: bucketCount)
        self.counts.replaceSubrange(used, with: counts)
        self.sumNanoseconds = sumNanoseconds
        self.maxNanoseconds = maxNanoseconds
    }

    private mutating func extendUse(to range: Range<Int>) {
        used = used.isEmpty ? range : min(used.lowerBound, range.lowerBound)..<max(used.upperBound, range.upperBound)
    }

    private static func index(of value: UInt64, _ precision: Int) -> Int {
        guard value >= 1 << precision else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        let position = Int(truncatingIfNeeded: value >> UInt64(exponent - precision)) & (1 << precision - 1)
        return (exponent - precision + 1) << precision + position
    }

    private static func middle(of index: Int, _ precision: Int) -> UInt64 {
        guard index >= 1 << precision else { return UInt64(index) }
        let shift = UInt64(index >> precision - 1)
        let lowest = UInt64(1 << precision + index & (1 << precision - 1)) << shift
        return lowest + (1 << shift) / 2
    }
}
