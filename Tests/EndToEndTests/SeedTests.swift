import Checker
import Contracts
import Foundation
import LoadKit
import TestSupport
import Testing

@testable import seed

/// Seeding a running Holdfast, as often as somebody likes.
@Suite struct SeedTests {
    private static let password = SecureRandom.hexadecimal(bytes: 8)

    private func seeding(_ events: Int, seed: UInt64 = 7, _ stack: HoldfastStack, password: String? = nil) -> Seeding {
        Seeding(
            SeedPlan(events: events, seed: seed, concurrency: 4, patience: .seconds(90)), client: stack.client(),
            password: password ?? Self.password, progress: .silent)
    }

    /// All events that are for sale, page by page.
    private func all(_ stack: HoldfastStack) async throws -> [EventDocument] {
        var events: [EventDocument] = []
        while true {
            let page: [EventDocument] = try await stack.client().get(
                "/api/events?pageSize=100&page=\(events.count / 100 + 1)")
            events += page
            guard page.count == 100 else { return events }
        }
    }

    @Test("the same seed again adds nothing, a larger catalogue only what is new, another seed its own")
    func again() async throws {
        try await HoldfastStack.with { stack in
            let first = try await seeding(24, stack).run()
            #expect(first.made == 24 && first.isComplete && first.found == 0)
            let events = try await all(stack)
            #expect(events.count == 24)
            #expect(Set(events.map(\.ownerId)).count == SeedPlan.organizers)
            let expected = (0..<24).map { EventCatalogue(seed: 7).event($0) }
            #expect(events.map(\.title).sorted() == expected.map(\.title).sorted())
            #expect(
                events.map(\.totalCapacity).sorted()
                    == expected.map { $0.ticketTypes.reduce(0) { $0 + $1.capacity } }.sorted())
            let again = try await seeding(24, stack).run()
            #expect(again.made == 0 && again.found == 24 && again.isComplete)
            let larger = try await seeding(30, stack).run()
            #expect(larger.made == 6 && larger.found == 24)
            #expect(try await seeding(5, seed: 8, stack).run().made == 5)
            #expect(try await all(stack).count == 35)
        }
    }

    @Test("stopped in the middle, or with events away for a while, it goes on and makes each event once")
    func interrupted() async throws {
        try await HoldfastStack.with { stack in
            let stopped = seeding(40, stack)
            async let report = stopped.run()
            try await eventually(within: .seconds(30), "some events are made") { stopped.made >= 5 }
            stopped.stop()
            let half = try await report
            #expect(half.wasStopped && !half.isComplete && half.made < 40)
            let rest = seeding(40, stack)
            async let end = rest.run()
            try await eventually(within: .seconds(30), "some more are made") { rest.made >= 5 }
            try stack.kill9(.events)
            try await stack.start(.events)
            let whole = try await end
            #expect(whole.isComplete, "\(whole)")
            #expect(try await all(stack).count == 40)
        }
    }

    @Test("accounts with another password are not guessed at")
    func strangers() async throws {
        try await HoldfastStack.with { stack async throws in
            #expect(try await seeding(1, stack).run().isComplete)
            await #expect(throws: Organizers.Strangers.self) {
                _ = try await seeding(1, stack, password: "another password").run()
            }
        }
    }

    @Test("the password is made once, kept for its owner alone, and a given one wins")
    func password() throws {
        let folder = try TemporaryDirectory("seed")
        #expect(throws: SeedPassword.NotFound.self) { try SeedPassword.find(nil, dataFolder: folder.path) }
        #expect(try SeedPassword.find("given", dataFolder: folder.path) == "given")
        try FileManager.default.createDirectory(atPath: folder.file("secrets"), withIntermediateDirectories: false)
        let made = try SeedPassword.find(nil, dataFolder: folder.path)
        #expect(made.count == 32)
        #expect(try SeedPassword.find(nil, dataFolder: folder.path) == made)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("secrets"))
        #expect(files == ["organizers.password"])
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("secrets/organizers.password"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}
