import Contracts

/// The seats that the buyers believe to be free: a list that is always a little out of date, as on every screen.
///
/// Everybody picks near its head, so that buyers meet; a seat leaves it only when a reply says that it is gone.
actor SeatPool {
    /// What a look at the event said.
    enum Look: Sendable {
        case seats([String])
        /// Nothing free now, but some are held and may come back.
        case allHeld
        case soldOut
    }

    private var seats: [String] = []
    private var gone: Set<String> = []
    private var head = 0
    private var isSoldOut = false
    private var looking: Task<Look, any Error>?
    private let windowSize: Int
    private let look: @Sendable () async throws -> Look

    /// Picks are made among the first `windowSize` seats; `look` asks the services when none is left.
    init(windowSize: Int, look: @escaping @Sendable () async throws -> Look) {
        self.windowSize = windowSize
        self.look = look
    }

    /// Up to `count` seats that may be free, after asking the services when none is known.
    func pick(_ count: Int) async throws -> Look {
        if isSoldOut { return .soldOut }
        if let picked = pickKnown(count) { return .seats(picked) }
        let look = try await shareLook()
        switch look {
        case .seats: return pickKnown(count).map { .seats($0) } ?? .allHeld
        case .allHeld: return .allHeld
        case .soldOut:
            isSoldOut = true
            return .soldOut
        }
    }

    /// Forgets seats that somebody has.
    func remove(_ seats: some Sequence<String>) {
        gone.formUnion(seats)
        while head < self.seats.count, gone.contains(self.seats[head]) { head += 1 }
    }

    private func pickKnown(_ count: Int) -> [String]? {
        var window: [String] = []
        var index = head
        while index < seats.count, window.count < max(windowSize, count) {
            if !gone.contains(seats[index]) { window.append(seats[index]) }
            index += 1
        }
        guard !window.isEmpty else { return nil }
        // Neighbours, from a place that differs: buyers overlap without all wanting the same.
        let wanted = min(count, window.count)
        let start = Int.random(in: 0...(window.count - wanted))
        return Array(window[start..<(start + wanted)])
    }

    /// One question for all who wait for its answer.
    private func shareLook() async throws -> Look {
        if let looking { return try await looking.value }
        let task = Task { [look] in try await look() }
        looking = task
        defer { looking = nil }
        let look = try await task.value
        if case .seats(let found) = look {
            seats = found
            head = 0
            gone = []
        }
        return look
    }
}
