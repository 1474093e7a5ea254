/// Who wants which channels, what the server has confirmed, and who is to be told what: a pure state machine.
///
/// Readers of one channel share one subscription at the server. Replies come in the order of the commands, so a count
/// of the confirmations that a channel still owes tells which one is the last.
struct SubscriptionTable {
    /// Names a reader.
    typealias Reader = Int

    /// What the server's word means.
    enum Action: Equatable {
        case none
        /// Tell these readers of the message.
        case deliver(RedisMessage, [Reader])
        /// All channels of these readers are subscribed now.
        case establish([Reader])
        /// The server refused, or what came is no answer to a subscription.
        case close(RedisError)
    }

    private struct Wish {
        let channels: [String]
        /// Channels that the server has yet to confirm.
        var unconfirmed: Set<String>
    }

    private struct Channel {
        var readers: Set<Reader> = []
        /// Confirmations on their way; messages count from the last one on.
        var owed = 0

        var isConfirmed: Bool { owed == 0 }
    }

    /// How many channels one command names.
    private static let channelsPerCommand = 256

    private var wishes: [Reader: Wish] = [:]
    private var channels: [String: Channel] = [:]
    private var isConnected = false

    var readerCount: Int { wishes.count }

    /// Notes what `reader` wants: the command to send now, if any, and whether all of it is subscribed already.
    mutating func add(_ reader: Reader, _ names: [String]) -> (command: RedisCommand?, isEstablished: Bool) {
        var fresh: [String] = []
        var unconfirmed: Set<String> = []
        for name in Set(names) {
            var channel = channels[name] ?? Channel()
            if channel.readers.isEmpty, isConnected {
                fresh.append(name)
                channel.owed += 1
            }
            if !isConnected || !channel.isConfirmed { unconfirmed.insert(name) }
            channel.readers.insert(reader)
            channels[name] = channel
        }
        wishes[reader] = Wish(channels: Array(Set(names)), unconfirmed: unconfirmed)
        return (fresh.isEmpty ? nil : RedisCommand(["SUBSCRIBE"] + fresh.sorted()), unconfirmed.isEmpty)
    }

    /// Forgets `reader`: the command to send now, if any.
    mutating func remove(_ reader: Reader) -> RedisCommand? {
        guard let wish = wishes.removeValue(forKey: reader) else { return nil }
        var left: [String] = []
        for name in wish.channels {
            channels[name]?.readers.remove(reader)
            guard let channel = channels[name], channel.readers.isEmpty else { continue }
            left.append(name)
            if channel.isConfirmed || !isConnected { channels[name] = nil }
        }
        return left.isEmpty || !isConnected ? nil : RedisCommand(["UNSUBSCRIBE"] + left.sorted())
    }

    /// A connection stands: the commands that bring it up to what is wanted.
    mutating func connected() -> [RedisCommand] {
        isConnected = true
        let names = channels.keys.sorted()
        for name in names { channels[name]?.owed = 1 }
        return stride(from: 0, to: names.count, by: Self.channelsPerCommand).map { start in
            RedisCommand(["SUBSCRIBE"] + names[start..<min(start + Self.channelsPerCommand, names.count)])
        }
    }

    /// The connection is gone: the readers who had everything and may miss something now.
    mutating func disconnected() -> [Reader] {
        isConnected = false
        let missing = wishes.filter { $0.value.unconfirmed.isEmpty }.keys.sorted()
        wishes = wishes.mapValues { Wish(channels: $0.channels, unconfirmed: Set($0.channels)) }
        channels = channels.filter { !$0.value.readers.isEmpty }
        for name in channels.keys { channels[name]?.owed = 0 }
        return missing
    }

    /// Takes what the server said on the connection.
    mutating func received(_ value: RedisValue) -> Action {
        switch value {
        case .status("PONG"): return .none
        case .error(let reply): return .close(RedisError(reply: reply))
        case .array(let parts):
            guard let kind = parts.first?.string, parts.count >= 2 else { break }
            switch (kind, parts[1].string, parts.last) {
            case ("message", .some(let name), .some(.bulk(let payload))) where parts.count == 3:
                return deliver(RedisMessage(channel: name, payload: payload))
            case ("subscribe", .some(let name), _): return confirmed(name)
            case ("unsubscribe", _, _), ("pong", _, _): return .none
            default: break
            }
        default: break
        }
        return .close(RedisError(.protocolViolation, "not a reply to a subscription"))
    }

    private func deliver(_ message: RedisMessage) -> Action {
        guard let channel = channels[message.channel], channel.isConfirmed, !channel.readers.isEmpty else {
            return .none
        }
        return .deliver(message, channel.readers.sorted())
    }

    private mutating func confirmed(_ name: String) -> Action {
        guard var channel = channels[name], channel.owed > 0 else { return .none }
        channel.owed -= 1
        guard channel.isConfirmed else {
            channels[name] = channel
            return .none
        }
        channels[name] = channel.readers.isEmpty ? nil : channel
        var established: [Reader] = []
        for reader in channel.readers.sorted() {
            guard wishes[reader]?.unconfirmed.remove(name) != nil else { continue }
            if wishes[reader]?.unconfirmed.isEmpty == true { established.append(reader) }
        }
        return established.isEmpty ? .none : .establish(established)
    }
}

extension RedisValue {
    /// Whether it answers a command on a connection of subscriptions, rather than telling of a message.
    var isSubscriptionReply: Bool { array?.first?.string != "message" }
}
