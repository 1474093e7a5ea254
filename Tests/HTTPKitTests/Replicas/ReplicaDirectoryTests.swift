import Logging
import Synchronization
import TestSupport
import Testing

@testable import HTTPKit

@Suite("Where replicas are and how they are", .timeLimit(.minutes(1)))
struct ReplicaDirectoryTests {
    private static let named = Endpoint(host: "inventory", port: 5001)
    private static let fixed = Endpoint(host: "10.0.0.9", port: 5001)
    private static let first = Endpoint(host: "10.0.0.1", port: 5001)
    private static let second = Endpoint(host: "fd00::2", port: 5001)

    @Test("a name stands for itself until it is resolved, then for each of its addresses")
    func names() {
        let directory = ReplicaDirectory("inventory", at: [Self.named, Self.fixed])
        #expect(directory.replicas.map(\.endpoint) == [Self.named, Self.fixed])
        directory.resolved([Self.named: [Self.first, Self.second, Self.fixed]])
        #expect(directory.replicas.map(\.endpoint) == [Self.first, Self.second, Self.fixed])
        #expect(directory.authority == "inventory:5001")
    }

    @Test("no more replicas than the bound, however many addresses a name has")
    func bound() {
        let directory = ReplicaDirectory("inventory", at: [Self.named])
        directory.resolved([Self.named: (1...200).map { Endpoint(host: "10.1.0.\($0)", port: 1) }])
        #expect(directory.replicas.count == ReplicaDirectory.replicasMax)
    }

    @Test("who stays keeps what is known, who is new is unknown, who left is forgotten")
    func reports() {
        let directory = ReplicaDirectory("inventory", at: [Self.named])
        directory.resolved([Self.named: [Self.first]])
        directory.learned(ReplicaReport(Self.first, .notReady))
        directory.resolved([Self.named: [Self.first, Self.second]])
        #expect(directory.replicas.map(\.condition) == [.notReady, .unknown])
        directory.resolved([Self.named: [Self.second]])
        directory.learned(ReplicaReport(Self.first, .ready))
        #expect(directory.replicas.map(\.endpoint) == [Self.second])
    }

    @Test("news are told once, and an answer that repeats itself is news")
    func news() throws {
        let directory = ReplicaDirectory("inventory", at: [Self.first, Self.second])
        let beginning = try #require(directory.news(since: 0))
        #expect(beginning.members == [Self.first, Self.second])
        #expect(directory.news(since: beginning.version) == nil)
        var version = beginning.version
        for _ in 0..<2 {
            directory.learned(ReplicaReport(Self.first, .ready))
            let news = try #require(directory.news(since: version))
            #expect(news.members == nil)
            #expect(news.reports == [ReplicaReport(Self.first, .ready)])
            version = news.version
        }
        #expect(directory.news(since: version) == nil)
    }

    /// Answers with what a test sets.
    private final class Script: AddressResolver, ReplicaProbe {
        let addresses = Mutex<[Endpoint]?>(nil)
        let condition = Mutex(ReplicaCondition.ready)
        let questions = Mutex(0)

        struct Unknown: Error {}

        func addresses(of endpoint: Endpoint) async throws -> [Endpoint] {
            guard let found = addresses.withLock({ $0 }) else { throw Unknown() }
            return found
        }

        func report(on replica: Endpoint, deadline: Deadline) async -> ReplicaReport {
            questions.withLock { $0 += 1 }
            return ReplicaReport(replica, condition.withLock { $0 })
        }
    }

    @Test("the monitor follows a name and its replicas; a name that is lost keeps its addresses")
    func monitor() async throws {
        let script = Script()
        let directory = ReplicaDirectory("inventory", at: [Self.named])
        let monitor = ReplicaMonitor(
            probe: script, resolver: script, probeInterval: .milliseconds(5), resolveInterval: .milliseconds(5),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        monitor.watch(directory)
        let running = Task { try await monitor.run() }
        defer { running.cancel() }
        try await eventually { directory.replicas == [ReplicaReport(Self.named, .ready)] }
        script.addresses.withLock { $0 = [Self.first, Self.second] }
        try await eventually {
            directory.replicas == [ReplicaReport(Self.first, .ready), ReplicaReport(Self.second, .ready)]
        }
        script.addresses.withLock { $0 = nil }
        script.condition.withLock { $0 = .unreachable }
        try await eventually { directory.replicas.map(\.condition) == [.unreachable, .unreachable] }
        #expect(directory.replicas.map(\.endpoint) == [Self.first, Self.second])
        script.addresses.withLock { $0 = [Self.second] }
        try await eventually { directory.replicas.map(\.endpoint) == [Self.second] }
    }

    @Test("the system knows the addresses of this machine, and says when a name has none")
    func system() async throws {
        let found = try await SystemResolver().addresses(of: Endpoint(host: "localhost", port: 80))
        #expect(found.contains { $0.host == "127.0.0.1" || $0.host == "::1" })
        #expect(found.allSatisfy { $0.port == 80 && $0.literalAddress != nil })
        #expect(Set(found).count == found.count)
        await #expect(throws: (any Error).self) {
            try await SystemResolver().addresses(of: Endpoint(host: "no-such-name.invalid", port: 80))
        }
    }
}
