import CLibPQ

/// Parameters in the text form that libpq sends, side by side in one piece of memory.
struct PostgresParameters {
    private var bytes: [CChar] = []
    /// Where each text begins; -1 for `NULL`.
    private var offsets: [Int] = []

    /// No parameters.
    static let none = PostgresParameters()

    private init() {}

    /// Throws for a text with NUL, which PostgreSQL refuses and C would cut off there.
    init(_ values: [any SQLValueConvertible], sql: String) throws(DatabaseError) {
        offsets.reserveCapacity(values.count)
        bytes.reserveCapacity(values.count * 24)
        for value in values {
            switch value.sqlValue {
            case .null: offsets.append(-1)
            case .integer(let integer): append(String(integer))
            case .real(let real): append(Self.text(real))
            case .text(let text):
                guard !text.utf8.contains(0) else {
                    throw DatabaseError(.sql, "a text parameter contains NUL, in: \(sql.prefix(200))")
                }
                append(text)
            }
        }
    }

    private mutating func append(_ text: String) {
        offsets.append(bytes.count)
        for byte in text.utf8 { bytes.append(CChar(bitPattern: byte)) }
        bytes.append(0)
    }

    private static func text(_ real: Double) -> String {
        real.isInfinite ? (real < 0 ? "-Infinity" : "Infinity") : real.isNaN ? "NaN" : real.description
    }

    /// Calls `body` with the number of parameters and what libpq wants of them.
    func withPointers<Result>(_ body: (CInt, [UnsafePointer<CChar>?]) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { buffer in
            let pointers = offsets.map { offset in offset < 0 ? nil : buffer.baseAddress.map { $0 + offset } }
            return body(CInt(offsets.count), pointers)
        }
    }
}
