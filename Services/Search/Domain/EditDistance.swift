/// How many typing mistakes lie between two words.
enum EditDistance {
    /// The fewest insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) that turn
    /// one into the other; nil when it takes more than `limit`.
    ///
    /// Looks at a diagonal band of `2 × limit + 1` cells a row and stops when a whole row is above the limit.
    static func distance(_ left: String, _ right: String, limit: Int) -> Int? {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        guard abs(left.count - right.count) <= limit else { return nil }
        let tooFar = limit + 1
        var beforePrevious = [Int](repeating: tooFar, count: right.count + 1)
        var previous = (0...right.count).map { min($0, tooFar) }
        for row in 1..<max(1, left.count + 1) {
            var current = [Int](repeating: tooFar, count: right.count + 1)
            if row <= limit { current[0] = row }
            let band = max(1, row - limit)...max(1, min(right.count, row + limit))
            for column in band where column <= right.count {
                let substitution = left[row - 1] == right[column - 1] ? 0 : 1
                var best = min(previous[column - 1] + substitution, previous[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, beforePrevious[column - 2] + 1)
                }
                current[column] = min(best, tooFar)
            }
            guard current.contains(where: { $0 <= limit }) else { return nil }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }

    /// How many mistakes are forgiven in a word of `length` letters: none in short words, whose neighbours are other
    /// words.
    static func forgiven(length: Int) -> Int {
        switch length {
        case ..<4: 0
        case 4..<8: 1
        default: 2
        }
    }
}
