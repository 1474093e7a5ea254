import Testing

@testable import RedisKit

@Suite struct SubscriptionTableTests {
    private func reply(_ kind: String, _ channel: String) -> RedisValue {
        .array([.bulk(Array(kind.utf8)), .bulk(Array(channel.utf8)), .integer(1)])
    }

    private func message(_ channel: String, _ text: String) -> RedisValue {
        .array([.bulk(Array("message".utf8)), .bulk(Array(channel.utf8)), .bulk(Array(text.utf8))])
    }

    private func bytes(_ words: String...) -> [UInt8] { RedisCommand(words).bytes }

    private func connected() -> SubscriptionTable {
        var table = SubscriptionTable()
        #expect(table.connected().isEmpty)
        return table
    }

    @Test func `readers of one channel share a subscription, which ends with the last of them`() {
        var table = connected()
        #expect(table.add(1, ["a"]).command?.bytes == bytes("SUBSCRIBE", "a"))
        #expect(table.received(reply("subscribe", "a")) == .establish([1]))
        let second = table.add(2, ["a"])
        #expect(second.command == nil && second.isEstablished)
        let sent = RedisMessage(channel: "a", payload: Array("x".utf8))
        #expect(table.received(message("a", "x")) == .deliver(sent, [1, 2]))
        #expect(table.remove(1) == nil)
        #expect(table.remove(2)?.bytes == bytes("UNSUBSCRIBE", "a"))
        #expect(table.received(reply("unsubscribe", "a")) == .none)
        #expect(table.received(message("a", "late")) == .none)
    }

    @Test func `a reader of several channels has its subscription when the last is confirmed`() {
        var table = connected()
        #expect(table.add(1, ["b", "a", "a"]).command?.bytes == bytes("SUBSCRIBE", "a", "b"))
        #expect(table.received(reply("subscribe", "a")) == .none)
        #expect(table.received(reply("subscribe", "b")) == .establish([1]))
    }

    @Test func `who comes while another leaves waits for a confirmation of its own`() {
        var table = connected()
        _ = table.add(1, ["a"])
        #expect(table.remove(1)?.bytes == bytes("UNSUBSCRIBE", "a"))
        let second = table.add(2, ["a"])
        #expect(second.command?.bytes == bytes("SUBSCRIBE", "a") && !second.isEstablished)
        #expect(table.received(reply("subscribe", "a")) == .none)
        #expect(table.received(message("a", "meant for the first")) == .none)
        #expect(table.received(reply("unsubscribe", "a")) == .none)
        #expect(table.received(reply("subscribe", "a")) == .establish([2]))
    }

    @Test func `a lost connection is told to those who had everything, and all is subscribed anew`() {
        var table = connected()
        _ = table.add(1, ["a"])
        _ = table.received(reply("subscribe", "a"))
        _ = table.add(2, ["b"])
        #expect(table.disconnected() == [1])
        let third = table.add(3, ["a"])
        #expect(third.command == nil && !third.isEstablished)
        #expect(table.remove(2) == nil)
        #expect(table.connected().map(\.bytes) == [bytes("SUBSCRIBE", "a")])
        #expect(table.received(reply("subscribe", "a")) == .establish([1, 3]))
        #expect(table.disconnected() == [1, 3])
    }

    @Test func `many channels are subscribed by few commands`() {
        var table = SubscriptionTable()
        for reader in 0..<1000 { _ = table.add(reader, ["channel \(reader)"]) }
        let commands = table.connected()
        #expect(commands.count == 4)
        #expect(commands.reduce(0) { $0 + $1.wordCount - 1 } == 1000)
    }

    @Test func `a refusal and an answer to something else end the connection`() {
        var table = connected()
        _ = table.add(1, ["a"])
        guard case .close(let error) = table.received(.error("NOPERM no")) else { return #expect(Bool(false)) }
        #expect(error.code == .server)
        guard case .close(let other) = table.received(.integer(1)) else { return #expect(Bool(false)) }
        #expect(other.code == .protocolViolation)
        #expect(table.received(.status("PONG")) == .none)
    }
}
