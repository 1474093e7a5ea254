import Contracts
import TestSupport
import Testing

@testable import search

@Suite struct StockBoardTests {
    private func board(_ inventory: FakeInventory, freshness: Duration = .seconds(3600)) -> StockBoard {
        StockBoard(
            source: inventory, logger: SearchFixture.logger,
            timing: .init(freshness: freshness, pauseAfterFailure: .zero))
    }

    @Test func `an answer is told again without asking`() async {
        let inventory = FakeInventory()
        let board = board(inventory)
        _ = await board.stock(of: ["a", "b"])
        inventory.put("a", left: 1)
        let answer = await board.stock(of: ["b", "a", "c"])
        #expect(answer.isCurrent)
        #expect(answer.stock["a"]?.ticketTypes["a-type"]?.available == 10)
        #expect(inventory.batches == [2, 1])
    }

    @Test func `however many look at once, inventory is asked once`() async {
        let inventory = FakeInventory()
        let board = board(inventory)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { await board.stock(of: ["a"]).stock["a"] != nil } }
            #expect(await group.allSatisfy { $0 })
        }
        #expect(inventory.batches == [1])
    }

    @Test func `questions are of at most a hundred events`() async {
        let inventory = FakeInventory()
        let answer = await board(inventory).stock(of: (0..<250).map { "e\($0)" })
        #expect(answer.stock.count == 250)
        #expect(inventory.batches.sorted() == [50, 100, 100])
    }

    @Test func `without inventory what was known last is told, and that it may be old`() async {
        let inventory = FakeInventory()
        let board = board(inventory, freshness: .zero)
        inventory.put("a", left: 4)
        _ = await board.stock(of: ["a"])
        inventory.goDown(true)
        let known = await board.stock(of: ["a"])
        #expect(known.stock["a"]?.ticketTypes["a-type"]?.available == 4)
        let unknown = await board.stock(of: ["b"])
        #expect(unknown.stock.isEmpty)
        #expect(!unknown.isCurrent)
        inventory.goDown(false)
        #expect(await board.stock(of: ["b"]).isCurrent)
    }

    @Test func `nothing is left of an event that inventory does not know`() async {
        let inventory = FakeInventory()
        inventory.forget("a")
        #expect(await board(inventory).stock(of: ["a"]).stock["a"]?.isSoldOut == true)
    }

    @Test func `selling out and the end of it are told once`() async {
        let inventory = FakeInventory()
        let board = board(inventory, freshness: .zero)
        inventory.put("a", left: 0)
        _ = await board.stock(of: ["a", "b"])
        #expect(board.takeChanges() == ["a": true])
        _ = await board.stock(of: ["a", "b"])
        #expect(board.takeChanges().isEmpty)
        inventory.put("a", left: 1)
        _ = await board.stock(of: ["a"])
        #expect(board.takeChanges() == ["a": false])
    }
}
