import Contracts

/// A card as the buyer typed it, checked for form.
///
/// It lives for the length of one request, between the wire and the provider. Nothing prints it: descriptions and
/// mirrors are empty, so that no log line, error or trace can carry it.
struct CardDetails: Sendable, CustomStringConvertible, CustomReflectable {
    /// The digits alone.
    let number: String
    let holderName: String
    /// 1 to 12.
    let expiryMonth: Int
    /// With its century.
    let expiryYear: Int
    let securityCode: String

    /// The only part of a card that may be kept.
    var lastFour: String { String(number.suffix(4)) }

    var description: String { "CardDetails(…)" }

    var customMirror: Mirror { Mirror(self, children: []) }
}

extension CardDetails {
    /// Checks the card in `method` and collects what is wrong into `errors`; nil when anything is.
    init?(
        _ method: PaymentMethod, field: String = "payment", at now: Timestamp, errors: inout [FieldError]
    ) {
        let countBefore = errors.count
        let number = (method.cardNumber ?? "").filter { $0 != " " && $0 != "-" }
        if !Self.isCardNumber(number) {
            errors.append(FieldError("\(field).cardNumber", "must be a card number, 12 to 19 digits that check out"))
        }
        let holder = (method.cardHolderName ?? "").trimmingSpaces()
        if !(1...100).contains(holder.count) {
            errors.append(FieldError("\(field).cardHolderName", "must be the name on the card, 1 to 100 characters"))
        }
        let expiry = Self.expiry(method.expiryDate ?? "")
        if expiry == nil {
            errors.append(FieldError("\(field).expiryDate", "must be written MM/YY or MM/YYYY"))
        } else if let expiry, !Self.isCurrent(expiry, at: now) {
            errors.append(FieldError("\(field).expiryDate", "must be in the future, at most 20 years from now"))
        }
        let code = method.cvv ?? ""
        if !(3...4).contains(code.utf8.count) || !code.utf8.allSatisfy(Self.isDigit) {
            errors.append(FieldError("\(field).cvv", "must be 3 or 4 digits"))
        }
        guard errors.count == countBefore, let expiry else { return nil }
        self.init(
            number: number, holderName: holder, expiryMonth: expiry.month, expiryYear: expiry.year,
            securityCode: code)
    }

    /// Digits whose check digit is right (Luhn, ISO/IEC 7812-1): every second digit from the right counts double.
    static func isCardNumber(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (12...19).contains(bytes.count), bytes.allSatisfy(isDigit) else { return false }
        var sum = 0
        for (position, byte) in bytes.reversed().enumerated() {
            let digit = Int(byte - UInt8(ascii: "0"))
            let weighted = position % 2 == 0 ? digit : digit * 2
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return sum % 10 == 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func expiry(_ text: String) -> (month: Int, year: Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 2, [2, 4].contains(parts[1].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
            let month = Int(parts[0]), let year = Int(parts[1]), (1...12).contains(month)
        else { return nil }
        return (month, year < 100 ? 2000 + year : year)
    }

    /// A card is good to the end of its month, wherever the buyer is: judged by UTC with a day's grace.
    private static func isCurrent(_ expiry: (month: Int, year: Int), at now: Timestamp) -> Bool {
        let (year, month) = (now - .seconds(86_400)).yearAndMonth
        let monthsLeft = (expiry.year - year) * 12 + expiry.month - month
        return (0...240).contains(monthsLeft)
    }
}

extension Timestamp {
    /// The year and month in UTC (Howard Hinnant's civil-from-days, for days since 1970-01-01).
    fileprivate var yearAndMonth: (year: Int, month: Int) {
        let days = Int(seconds / 86_400) + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
