import RedisKit
import Testing

@testable import struct RedisKit.ClusterRedirection
@testable import struct RedisKit.ClusterSlots
@testable import struct RedisKit.RedisAddress

@Suite struct RedisTopologyTests {
    @Test func `a plain URL is one server`() throws {
        let topology = try RedisTopology(url: "redis://:secret@cache:7000/3")
        #expect(topology.kind == .single)
        #expect(topology.servers.map(\.host) == ["cache"])
        #expect(topology.servers.first?.port == 7000)
        #expect(topology.servers.first?.database == 3)
        #expect(topology.servers.first?.password == "secret")
    }

    @Test func `sentinels are named with their master, whose password is not theirs`() throws {
        let topology = try RedisTopology(url: "redis-sentinel://ann:s%2Fx@s1,s2:5000,[::1]/main/2")
        #expect(topology.kind == .sentinels(master: "main"))
        #expect(topology.servers.map(\.host).dropFirst() == ["s1", "s2", "::1"])
        #expect(topology.servers.map(\.port).dropFirst() == [26_379, 5000, 26_379])
        #expect(topology.servers.first?.password == "s/x")
        #expect(topology.servers.first?.username == "ann")
        #expect(topology.servers.first?.database == 2)
        #expect(topology.servers.dropFirst().allSatisfy { $0.password == nil && $0.database == 0 })
    }

    @Test func `clusters and quorums list their servers`() throws {
        let cluster = try RedisTopology(url: "redis-cluster://:p@a,b:7001")
        #expect(cluster.kind == .cluster)
        #expect(cluster.servers.map(\.port) == [6379, 7001])
        #expect(cluster.servers.allSatisfy { $0.password == "p" })
        let quorum = try RedisTopology(url: "redis-quorum://a,b,c/4")
        #expect(quorum.kind == .quorum)
        #expect(quorum.servers.map(\.host) == ["a", "b", "c"])
        #expect(quorum.servers.allSatisfy { $0.database == 4 })
    }

    @Test(arguments: [
        "rediss://a", "redis-sentinel://a", "redis-sentinel://a/m/1/2", "redis-cluster://a/1", "redis-quorum://",
        "redis-quorum://a,b,a", "redis-quorum://a:0,b", "redis-cluster://", "redis", "",
        "redis-quorum://" + (1...17).map { "h\($0)" }.joined(separator: ","),
    ])
    func `what cannot be meant is refused without repeating it`(url: String) {
        let error = #expect(throws: RedisError.self) { try RedisTopology(url: url) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test(arguments: [
        ("123456789", 12_739), ("foo", 12_182), ("{user1000}.following", 3_443), ("{user1000}.followers", 3_443),
        ("foo{}{bar}", 8_363), ("foo{{bar}}zap", 4_015), ("", 0),
    ])
    func `slots of keys are those of the cluster's specification`(key: String, slot: Int) {
        #expect(ClusterSlots.slot(of: key) == slot)
    }

    @Test func `the map of slots is read as the server writes it, and corrected slot by slot`() throws {
        let source = RedisAddress(host: "asked", port: 1)
        let node = { (host: String, port: Int64) -> RedisValue in
            .array([.bulk(Array(host.utf8)), .integer(port), .bulk(Array("id".utf8))])
        }
        var slots = try #require(
            ClusterSlots(
                .array([
                    .array([.integer(0), .integer(99), node("a", 7000), node("replica", 7001)]),
                    .array([.integer(100), .integer(199), node("", 7002)]),
                ]), from: source))
        #expect(slots.owner(of: 99) == RedisAddress(host: "a", port: 7000))
        #expect(slots.owner(of: 100) == RedisAddress(host: "asked", port: 7002))
        #expect(slots.owner(of: 200) == nil)
        slots.assign(99, to: RedisAddress(host: "b", port: 7003))
        #expect(slots.owner(of: 99)?.host == "b")
        #expect(slots.owner(of: 98)?.host == "a")
        for reply: RedisValue in [
            .null, .array([.integer(1)]), .array([.array([.integer(5), .integer(4), node("a", 1)])]),
            .array([.array([.integer(0), .integer(16_384), node("a", 1)])]),
            .array([.array([.integer(0), .integer(1), node("a", 0)])]),
        ] {
            #expect(ClusterSlots(reply, from: source) == nil)
        }
    }

    @Test func `redirections are read, and what is none is not`() {
        let source = RedisAddress(host: "asked", port: 1)
        let moved = ClusterRedirection("MOVED 3999 127.0.0.1:6381", from: source)
        #expect(moved?.address == RedisAddress(host: "127.0.0.1", port: 6381))
        #expect(moved?.slot == 3999)
        #expect(moved?.isTemporary == false)
        #expect(ClusterRedirection("ASK 1 ::1:7000", from: source)?.address.host == "::1")
        #expect(ClusterRedirection("ASK 1 ::1:7000", from: source)?.isTemporary == true)
        #expect(ClusterRedirection("MOVED 1 :7000", from: source)?.address.host == "asked")
        for text in ["MOVED", "MOVED 16384 a:1", "MOVED 1 a", "MOVED 1 a:x", "ERR 1 a:1", "MOVED 1 a:0"] {
            #expect(ClusterRedirection(text, from: source) == nil)
        }
    }
}
