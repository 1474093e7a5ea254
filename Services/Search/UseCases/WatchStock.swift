import Contracts
import Logging
import ServiceLifecycle

/// Keeps the index's marks of what is sold out true: passes on what searches have learned, and asks again for what was
/// sold out, because nobody who looks for available events would ever see it again.
final class WatchStock: Service {
    /// How many sold-out events are asked for in one pass, the next ones in the next.
    static let checkedPerPass = 500

    private let index: any SearchIndex
    private let board: StockBoard
    private let clock: any WallClock
    private let logger: Logger
    private let interval: Duration

    init(
        index: any SearchIndex, board: StockBoard, clock: any WallClock, logger: Logger,
        interval: Duration = .seconds(1)
    ) {
        self.index = index
        self.board = board
        self.clock = clock
        self.logger = logger
        self.interval = interval
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var position = ""
            while !Task.isCancelled {
                do {
                    position = try await self.pass(after: position)
                } catch {
                    self.logger.warning("cannot keep up with what is sold out", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: self.interval)
            }
        }
    }

    /// Looks at sold-out events behind `position` in the order of their ids; returns where to go on.
    func pass(after position: String) async throws -> String {
        let ids = try await index.soldOut(after: position, limit: Self.checkedPerPass, at: clock.now())
        let answer = await board.stock(of: ids)
        var marks = board.takeChanges()
        // The board may have heard of them before the index marked them.
        for (id, stock) in answer.stock where !stock.isSoldOut { marks[id] = false }
        if !marks.isEmpty { try await index.mark(marks) }
        return ids.count == Self.checkedPerPass ? ids.last ?? "" : ""
    }
}
