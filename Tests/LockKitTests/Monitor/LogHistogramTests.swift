import Testing

@testable import LockKit

@Suite struct LogHistogramTests {
    @Test(arguments: [(2, 0.13), (5, 0.02)])
    func `percentiles are within the precision at every size`(precision: Int, error: Double) {
        for scale in [1, 50, 1_000, 30_000] {
            var histogram = LogHistogram(precision: precision)
            for value in 1...1000 {
                histogram.record(nanoseconds: UInt64(value * scale * 1000))
            }
            for fraction in [0.5, 0.9, 0.99] {
                let expected = fraction * 1000 * Double(scale) * 1000
                let measured = Double(histogram.percentile(fraction))
                #expect(abs(measured - expected) <= expected * error + 1000)
            }
        }
    }

    @Test func `sums and maxima are exact, also beyond the last bucket`() {
        var histogram = LogHistogram(precision: 2)
        histogram.record(nanoseconds: 999)
        histogram.record(nanoseconds: 3_600_000_000_000)
        #expect(histogram.count == 2)
        #expect(histogram.sumNanoseconds == 3_600_000_000_999)
        #expect(histogram.maxNanoseconds == 3_600_000_000_000)
        #expect(histogram.percentile(0.5) == 0)
    }

    @Test func `merged histograms are as if all had been recorded in one`() {
        var (left, right, both) = (
            LogHistogram(precision: 5), LogHistogram(precision: 5), LogHistogram(precision: 5)
        )
        for value in 0..<500 {
            let nanoseconds = UInt64(value * value * 1000)
            if value % 3 == 0 { left.record(nanoseconds: nanoseconds) } else { right.record(nanoseconds: nanoseconds) }
            both.record(nanoseconds: nanoseconds)
        }
        left.merge(right)
        #expect(left.count == both.count)
        #expect(left.sumNanoseconds == both.sumNanoseconds)
        for fraction in [0.1, 0.5, 0.9, 0.99, 1] {
            #expect(left.percentile(fraction) == both.percentile(fraction))
        }
        left.clear()
        #expect(left.percentile(0.5) == 0)
    }
}
