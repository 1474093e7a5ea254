import Foundation
import Synchronization

/// The value of the header `Date`, written once a second however many answers carry it.
final class DateHeader: Sendable {
    private struct Written {
        var second: Int
        var text: String
    }

    private let written = Mutex(Written(second: -1, text: ""))

    func value() -> String {
        let second = Int(time(nil))
        return written.withLock { written in
            if written.second != second {
                written = Written(second: second, text: Self.text(second))
            }
            return written.text
        }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    static func text(_ second: Int) -> String {
        var time = time_t(second)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        return "\(date) \(1900 + parts.tm_year) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
