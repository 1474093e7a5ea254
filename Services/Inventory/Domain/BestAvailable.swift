/// Chooses seats for a buyer who only says how many: together in one row, nearest the front, leaving nobody's
/// neighbour seat single where that can be avoided.
enum BestAvailable {
    /// A free seat, as the chooser needs to know it.
    struct Candidate: Sendable, Hashable {
        /// Seats with adjacent positions in the same row stand side by side.
        let position: Int64
        let row: Int
        let section: String
    }

    /// The positions of `quantity` seats out of `free`, which must be in seat order; nil when there are too few.
    ///
    /// Preferred in this order: side by side without leaving a single seat, side by side, and only then scattered from
    /// the front. Within a preference the first in seat order wins, so that equal questions get equal answers.
    static func choose(_ quantity: Int, from free: [Candidate]) -> [Int64]? {
        guard quantity > 0, free.count >= quantity else { return nil }
        let blocks = adjacentBlocks(of: free).filter { $0.count >= quantity }
        if let block = blocks.first(where: { leftover($0.count, after: quantity) }) ?? blocks.first {
            return block.prefix(quantity).map(\.position)
        }
        return free.prefix(quantity).map(\.position)
    }

    /// Whether taking `quantity` seats from one end of a block of `count` leaves none or at least two together.
    private static func leftover(_ count: Int, after quantity: Int) -> Bool {
        count - quantity != 1
    }

    private static func adjacentBlocks(of free: [Candidate]) -> [ArraySlice<Candidate>] {
        var blocks: [ArraySlice<Candidate>] = []
        var start = free.startIndex
        for index in free.indices {
            let next = index + 1
            let continues =
                next < free.endIndex && free[next].position == free[index].position + 1
                && free[next].row == free[index].row && free[next].section == free[index].section
            if !continues {
                blocks.append(free[start..<next])
                start = next
            }
        }
        return blocks
    }
}
