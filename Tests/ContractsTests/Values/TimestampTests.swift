import Contracts
import Foundation
import Testing

@Suite struct TimestampTests {
    @Test(
        "RFC 3339 is read with offsets, fractions and lower case",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-31T09:05:00.000Z", 1_769_850_300_000),
            ("2026-01-31T10:05:00+01:00", 1_769_850_300_000), ("2026-01-31t04:05:00.5-05:00", 1_769_850_300_500),
            ("2000-02-29T23:59:59.9999Z", 951_868_799_999), ("1969-12-31T23:59:59.999Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2026-01-31 09:05:00Z", 1_769_850_300_000),
        ])
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-01-31", "2026-01-31T09:05Z", "2026-01-31T09:05:00", "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-31T24:00:00Z",
            "2026-01-31T09:60:00Z", "2026-01-31T09:05:61Z", "2026-01-31T09:05:00.Z", "2026-01-31T09:05:00Zx",
            "2026-01-31T09:05:00+25:00", "20260131T090500Z", "1900-02-29T00:00:00Z", "２０２６-01-31T09:05:00Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        "an offset may move a time as far as the years of four digits go",
        arguments: [
            ("9999-12-31T23:59:59.999Z", true), ("9999-12-31T22:59:59-01:00", true),
            ("9999-12-31T23:59:59-01:00", false), ("9999-12-31T23:59:60Z", false), ("0000-01-01T00:00:00Z", true),
            ("0000-01-01T01:00:00+01:00", true), ("0000-01-01T00:59:59.999+01:00", false),
        ])
    func years(text: String, isRead: Bool) {
        let time = Timestamp(rfc3339: text)
        #expect((time != nil) == isRead)
        #expect(time.flatMap { Timestamp(rfc3339: $0.description) } == time)
    }

    @Test("what is written is read back, and Foundation agrees")
    func roundTrip() throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        var milliseconds: Int64 = -62_135_596_800_000  // 0001-01-01
        while milliseconds < 253_402_300_800_000 {  // 10000-01-01
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(rfc3339: time.description) == time)
            if milliseconds > 0 {
                let date = try #require(formatter.date(from: time.description))
                #expect(Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded())) == time)
            }
            milliseconds += 86_400_000 * 97 + 12_345_678
        }
    }

    @Test("arithmetic is exact in milliseconds")
    func arithmetic() {
        let time = Timestamp(milliseconds: 1000)
        #expect((time + .milliseconds(1500)).milliseconds == 2500)
        #expect((time - .seconds(2)).milliseconds == -1000)
        #expect(Timestamp(milliseconds: 2500) - time == .milliseconds(1500))
        #expect(Timestamp(milliseconds: -1).seconds == -1)
    }
}
