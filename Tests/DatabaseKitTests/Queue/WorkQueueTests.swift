import Testing

@testable import DatabaseKit

@Suite("The queue between callers and workers")
struct WorkQueueTests {
    private func unit(_ number: Int) -> CallerUnit<Int> {
        CallerUnit(.ordinary) { _ in number }
    }

    @Test("an append starts one idle worker, the last one that was busy")
    func wakesOne() throws {
        let queue = WorkQueue(unitsMax: 10, workers: 2)
        #expect(try queue.append(unit(1)) == 0)
        #expect(try queue.append(unit(2)) == 1)
        #expect(try queue.append(unit(3)) == nil)
        #expect(queue.take(upTo: 10, worker: 0).count == 3)
        #expect(queue.take(upTo: 10, worker: 1).isEmpty)
        #expect(queue.take(upTo: 10, worker: 0).isEmpty)
        #expect(try queue.append(unit(4)) == 0)
    }

    @Test("units leave in the order they came, never more than asked for")
    func order() throws {
        let queue = WorkQueue(unitsMax: 10, workers: 1)
        let units = (0..<5).map(unit)
        for unit in units { _ = try queue.append(unit) }
        var batch = queue.take(upTo: 2, worker: 0)
        #expect(queue.takeMore(upTo: 2, into: &batch) == 2)
        #expect(batch.count == 4)
        #expect(zip(batch, units).allSatisfy { $0 === $1 })
        #expect(queue.depth == 1)
    }

    @Test("a full queue refuses, a closed one too")
    func refusals() async throws {
        let queue = WorkQueue(unitsMax: 1, workers: 1)
        _ = try queue.append(unit(1))
        #expect(throws: DatabaseError.self) { try queue.append(unit(2)) }
        #expect(queue.take(upTo: 1, worker: 0).count == 1)
        #expect(queue.take(upTo: 1, worker: 0).isEmpty)
        await queue.close()
        let error = await databaseError { try queue.append(unit(3)) }
        #expect(error?.code == .closed)
    }
}
