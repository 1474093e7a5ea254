/// Reports of all windows as text, a line for each number or name, for Redis to keep.
///
/// Only counts and names go in, never percentiles, so what is read adds up as if it had been recorded here.
enum ReportText {
    private static let version = "1"

    /// The reports of one process; of resources the `resourcesMax` that were waited for longest, the rest together.
    static func text(of reports: [ContentionWindow: ContentionReport], resourcesMax: Int) -> String {
        var writer = Writer()
        writer.line(version)
        for window in ContentionWindow.allCases {
            guard let report = reports[window] else { continue }
            writer.line(window.rawValue)
            writer.number(UInt64(max(0, report.observed.nanoseconds)))
            writer.tally(report.slice.totals)
            writer.table(report.slice.resources.truncated(to: resourcesMax))
            writer.table(report.slice.groups)
            // Who holds locks now is the same in all windows.
            writer.number(UInt64(report.holdersOmitted))
            writer.holders(window == .total ? report.holders : [])
        }
        return writer.text
    }

    /// Reads what ``text(of:resourcesMax:)`` wrote, `age` ago; nil when it is something else.
    static func reports(in text: String, age: Duration) -> [ContentionWindow: ContentionReport]? {
        var reader = Reader(text)
        guard reader.line() == Substring(version) else { return nil }
        var reports: [ContentionWindow: ContentionReport] = [:]
        while let name = reader.line(), !name.isEmpty {
            guard let window = ContentionWindow(rawValue: String(name)), let observed = reader.number(),
                let totals = reader.tally(Tally.totalPrecision), let resources = reader.table(),
                let groups = reader.table(), let omitted = reader.number(), let holders = reader.holders(age: age)
            else { return nil }
            var slice = ContentionSlice(resourcesMax: 1, groupsMax: 1)
            (slice.totals, slice.resources, slice.groups) = (totals, resources, groups)
            reports[window] = ContentionReport(
                observed: .nanoseconds(Int64(clamping: observed)), slice: slice, holders: holders,
                holdersOmitted: Int(clamping: omitted))
        }
        let holders = reports[.total]?.holders ?? []
        for window in reports.keys { reports[window]?.holders = holders }
        return reports
    }
}

extension ReportText {
    private struct Writer {
        var text = ""

        mutating func line(_ value: some StringProtocol) {
            text += value
            text += "\n"
        }

        mutating func number(_ value: UInt64) { line(String(value)) }

        mutating func name(_ value: String) { line(value.replacing("\n", with: " ")) }

        mutating func tally(_ tally: Tally) {
            for count in tally.counts { number(count) }
            histogram(tally.wait)
            histogram(tally.hold)
        }

        private mutating func histogram(_ histogram: LogHistogram) {
            let (first, counts) = histogram.contents
            number(UInt64(counts.count))
            guard !counts.isEmpty else { return }
            number(UInt64(first))
            for count in counts { number(UInt64(count)) }
            number(histogram.sumNanoseconds)
            number(histogram.maxNanoseconds)
        }

        mutating func table(_ table: ContentionTable) {
            tally(table.other)
            number(UInt64(table.entries.count))
            for (entry, weight) in zip(table.entries, table.weights) {
                name(entry.key.text)
                number(weight)
                number(entry.inherited)
                tally(entry.tally)
            }
        }

        mutating func holders(_ holders: [ContentionSnapshot.Holder]) {
            number(UInt64(holders.count))
            for holder in holders {
                number(UInt64(holder.resources.count))
                for resource in holder.resources { name(resource) }
                line(holder.token.description)
                line(String(holder.ageMs))
                line(String(holder.remainingLeaseMs))
            }
        }
    }

    private struct Reader {
        private var lines: ArraySlice<Substring>
        /// Nothing that was written is longer.
        private static let countMax = 100_000

        init(_ text: String) {
            lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        }

        mutating func line() -> Substring? { lines.popFirst() }

        mutating func number() -> UInt64? { line().flatMap { UInt64($0) } }

        private mutating func count() -> Int? { number().flatMap { $0 <= Self.countMax ? Int($0) : nil } }

        mutating func tally(_ precision: Int) -> Tally? {
            var tally = Tally(precision: precision)
            var counts: [UInt64] = []
            for _ in tally.counts {
                guard let value = number() else { return nil }
                counts.append(value)
            }
            tally.counts = counts
            guard let wait = histogram(precision), let hold = histogram(precision) else { return nil }
            (tally.wait, tally.hold) = (wait, hold)
            return tally
        }

        private mutating func histogram(_ precision: Int) -> LogHistogram? {
            guard let bucketCount = count() else { return nil }
            guard bucketCount > 0 else { return LogHistogram(precision: precision) }
            guard let first = count() else { return nil }
            var counts: [UInt32] = []
            for _ in 0..<bucketCount {
                guard let value = number() else { return nil }
                counts.append(UInt32(clamping: value))
            }
            guard let sum = number(), let longest = number() else { return nil }
            return LogHistogram(
                precision: precision, first: first, counts: counts, sumNanoseconds: sum, maxNanoseconds: longest)
        }

        mutating func table() -> ContentionTable? {
            guard let other = tally(Tally.keyPrecision), let entries = count() else { return nil }
            var table = ContentionTable(capacity: max(1, entries), other: other)
            for _ in 0..<entries {
                guard let name = line(), let weight = number(), let inherited = number(),
                    let tally = tally(Tally.keyPrecision)
                else { return nil }
                table.restore(.init(key: MonitorKey(String(name)), inherited: inherited, tally: tally), weight: weight)
            }
            return table
        }

        mutating func holders(age: Duration) -> [ContentionSnapshot.Holder]? {
            guard let holders = count() else { return nil }
            let ageMs = Double(age.nanoseconds) / 1e6
            var result: [ContentionSnapshot.Holder] = []
            for _ in 0..<holders {
                guard let resourceCount = count() else { return nil }
                let resources = (0..<resourceCount).compactMap { _ in line().map(String.init) }
                guard resources.count == resourceCount, let number = line().flatMap({ Int64($0) }),
                    let token = FencingToken(rawValue: number), let held = line().flatMap({ Double($0) }),
                    let remaining = line().flatMap({ Double($0) })
                else { return nil }
                result.append(
                    .init(
                        resources: resources, token: token, ageMs: held + ageMs, remainingLeaseMs: remaining - ageMs))
            }
            return result
        }
    }
}
