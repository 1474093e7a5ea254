/// Pieces of SQL for lists whose length varies within a small bound, so that each length is one cached statement.
enum SQLList {
    /// `$3,$4,$5` for three parameters after the second.
    static func parameters(_ count: Int, after bound: Int = 0) -> String {
        (0..<count).map { "$\(bound + $0 + 1)" }.joined(separator: ",")
    }

    /// `($3,$4),($5,$6)` for two rows of two values after the second parameter.
    static func rows(_ count: Int, of width: Int, after bound: Int = 0) -> String {
        (0..<count).map { "(\(parameters(width, after: bound + $0 * width)))" }.joined(separator: ",")
    }

    /// `values` and as many of `filler` as make a power of two together, so that long lists need few statements.
    static func padded<Value>(_ values: [Value], with filler: Value) -> [Value] {
        var count = 1
        while count < values.count { count *= 2 }
        return values + Array(repeating: filler, count: count - values.count)
    }

    /// `values` in pieces whose lengths are powers of two up to `max`, itself one, so that inserts need few statements.
    static func pieces<Value>(_ values: [Value], upTo max: Int) -> [ArraySlice<Value>] {
        var pieces: [ArraySlice<Value>] = []
        var rest = values[...]
        var length = max
        while !rest.isEmpty {
            while length > rest.count { length /= 2 }
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
