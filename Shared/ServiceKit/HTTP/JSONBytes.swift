package import Contracts
import NIOCore

/// Writes JSON field by field into bytes, for the few replies so frequent that the general encoder would be their
/// costliest step. Keys are the writer's own words and are copied as they are.
package struct JSONBytes: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether something stands before the next field, so that it needs a comma.
    private var needsComma = false

    /// - Parameter capacity: bytes that are expected; more are fine
    package init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object, as the whole value or as one of a list.
    package mutating func beginObject() {
        if needsComma { append(",") }
        append("{")
        needsComma = false
    }

    /// Closes an object.
    package mutating func endObject() {
        append("}")
        needsComma = true
    }

    /// A string.
    package mutating func field(_ key: StaticString, text: String) {
        name(key)
        JSONText.append(text, to: &bytes)
    }

    /// A number without decimals.
    package mutating func field(_ key: StaticString, number: Int) {
        name(key)
        append(digits: Int64(number))
    }

    /// True or false.
    package mutating func field(_ key: StaticString, flag: Bool) {
        name(key)
        append(flag ? "true" : "false")
    }

    /// An amount as a decimal number of the currency's units, without needless zeros, as ``DecimalAmount`` has it.
    package mutating func field(_ key: StaticString, amount: Money) {
        name(key)
        append(amount)
    }

    /// A value for the general encoder.
    package mutating func field(_ key: StaticString, encoding value: some Encodable) throws {
        name(key)
        bytes.append(contentsOf: try WireJSON.encode(value).readableBytesView)
    }

    /// Opens a list; objects in it are separated by themselves.
    package mutating func beginList(_ key: StaticString) {
        name(key)
        append("[")
        needsComma = false
    }

    /// Closes a list.
    package mutating func endList() {
        append("]")
        needsComma = true
    }

    /// One element of a list, which `write` appends as JSON.
    package mutating func element(_ write: (inout [UInt8]) -> Void) {
        if needsComma { append(",") }
        needsComma = true
        write(&bytes)
    }

    private mutating func name(_ key: StaticString) {
        if needsComma { append(",") }
        needsComma = true
        append("\"")
        append(key)
        append("\":")
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(digits: Int64) {
        bytes.append(contentsOf: String(digits).utf8)
    }

    private mutating func append(_ amount: Money) {
        var unit: UInt64 = 1
        for _ in 0..<amount.currency.decimals { unit *= 10 }
        let magnitude = amount.minorUnits.magnitude
        if amount.minorUnits < 0 { append("-") }
        bytes.append(contentsOf: String(magnitude / unit).utf8)
        var rest = magnitude % unit
        guard rest > 0 else { return }
        append(".")
        while rest > 0 {
            unit /= 10
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
        }
    }
}
