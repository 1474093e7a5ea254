import LoadKit

/// Numbers as people read them: three digits that say something.
enum Quantity {
    /// `value` with as many decimals as its size leaves of interest.
    static func text(_ value: Double) -> String {
        switch abs(value) {
        case 1000...: grouped(Int(value.rounded()))
        case 100...: fixed(value, 0)
        case 10...: fixed(value, 1)
        default: fixed(value, 2)
        }
    }

    private static func grouped(_ value: Int) -> String {
        let digits = String(abs(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }
}
