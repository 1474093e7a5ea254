import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// No change of an event is lost to those who follow, whatever dies between them.
@Suite(.serialized) struct ChangeFeedTests {
    @Test("without Redis changes are found all the same, and when it is back, emptied, nothing is missing")
    func redisDies() async throws {
        try await EventScene.with { scene in
            var words = [EventScene.word()]
            _ = try await scene.create(words[0])
            try await scene.findable(words, "before")
            scene.stack.redis.kill()
            words.append(EventScene.word())
            _ = try await scene.create(words[1])
            try await scene.findable(words, "while Redis is away")
            try await scene.stack.redis.restart()
            words.append(EventScene.word())
            let last = try await scene.create(words[2])
            try await scene.findable(words, "after it is back")
            _ = try scene.stack.redis.command(["FLUSHALL"])
            words.append(EventScene.word())
            _ = try await scene.create(words[3])
            try await scene.findable(words, "after it was emptied")
            #expect(try await scene.admin.send("DELETE", "/api/events/\(last.id)").status == 204)
            try await eventually(within: .seconds(20), "what was deleted is found no more") {
                try await scene.admin.get("/api/search?q=\(words[2])", as: SearchReply.self).total == 0
            }
        }
    }

    @Test(
        "search that was away catches up, also where the stream has forgotten what it missed",
        arguments: StackDatabase.allCases)
    func searchWasAway(database: StackDatabase) async throws {
        try await EventScene.with(on: database) { scene in
            let words = (0..<3).map { _ in EventScene.word() }
            _ = try await scene.create(words[0])
            try await scene.findable([words[0]], "before")
            try scene.stack.kill9(.search)
            _ = try await scene.create(words[1])
            _ = try await scene.create(words[2])
            _ = try scene.stack.redis.command(["FLUSHALL"])
            try await scene.stack.start(.search)
            try await scene.stack.waitUntilHealthy()
            try await scene.findable(words, "after its restart")
        }
    }

    @Test(
        "a change is found although its process died while telling of it or taking it over",
        arguments: [(ServiceName.events, "events.changes.told"), (.search, "changes.handled")])
    func dies(service: ServiceName, point: String) async throws {
        try await EventScene.with { scene in
            let words = [EventScene.word(), EventScene.word()]
            try await scene.crash(service, at: point) { _ = try await scene.create(words[0]) }
            try await scene.findable([words[0]], "after the restart")
            _ = try await scene.create(words[1])
            try await scene.findable(words, "afterwards")
        }
    }
}
