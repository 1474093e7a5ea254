import Contracts
import RedisKit

/// One member of a consumer group on the change stream.
struct StreamReader: Sendable {
    /// Entries that were handed to this member, and what they say; content that is gone or foreign is left out.
    struct Batch: Sendable {
        var ids: [String] = []
        var marks: [EventChangeMark] = []
    }

    let redis: RedisClient
    let key: String
    let group: String
    let member: String

    static let batchMax = 200
    /// How long another member may keep entries without acknowledging them before this one takes them over.
    private static let abandonedAfterMilliseconds = 30_000
    /// How long a member that reads nothing and owes nothing is remembered.
    private static let forgottenAfterMilliseconds: Int64 = 3_600_000

    /// Makes the group where there is none; it begins with what is told from now on.
    func join() async throws(RedisError) {
        do throws(RedisError) {
            _ = try await redis.send(RedisCommand("XGROUP", "CREATE", key, group, "$", "MKSTREAM"))
        } catch {
            guard error.message.hasPrefix("BUSYGROUP") else { throw error }
        }
    }

    /// Waits up to `milliseconds` for entries that nobody was handed yet.
    func next(waitingAtMost milliseconds: Int64) async throws(RedisError) -> Batch {
        let reply = try await redis.send(
            RedisCommand([
                "XREADGROUP", "GROUP", group, member, "COUNT", String(Self.batchMax), "BLOCK", String(milliseconds),
                "STREAMS", key, ">",
            ]))
        return batch(reply.array?.first?.array?.last)
    }

    /// Entries that this member was handed before and did not acknowledge.
    func owed() async throws(RedisError) -> Batch {
        let reply = try await redis.send(
            RedisCommand([
                "XREADGROUP", "GROUP", group, member, "COUNT", String(Self.batchMax), "STREAMS", key, "0",
            ]))
        return batch(reply.array?.first?.array?.last)
    }

    /// Takes over entries that a member which died was handed, and forgets members that are long gone.
    func inherit() async throws(RedisError) -> Batch {
        let reply = try await redis.send(
            RedisCommand([
                "XAUTOCLAIM", key, group, member, String(Self.abandonedAfterMilliseconds), "0", "COUNT",
                String(Self.batchMax),
            ]))
        try await forgetOthers()
        guard let parts = reply.array, parts.count > 1 else { return Batch() }
        return batch(parts[1])
    }

    func acknowledge(_ batch: Batch) async throws(RedisError) {
        guard !batch.ids.isEmpty else { return }
        _ = try await redis.send(RedisCommand(["XACK", key, group] + batch.ids))
    }

    private func forgetOthers() async throws(RedisError) {
        let reply = try await redis.send(RedisCommand("XINFO", "CONSUMERS", key, group))
        for description in reply.array ?? [] {
            let fields = description.array ?? []
            var values: [String: RedisValue] = [:]
            for index in stride(from: 0, to: fields.count - 1, by: 2) {
                if let name = fields[index].string { values[name] = fields[index + 1] }
            }
            guard let name = values["name"]?.string, name != member, values["pending"]?.integer == 0,
                let idle = values["idle"]?.integer, idle > Self.forgottenAfterMilliseconds
            else { continue }
            _ = try await redis.send(RedisCommand("XGROUP", "DELCONSUMER", key, group, name))
        }
    }

    private func batch(_ entries: RedisValue?) -> Batch {
        var batch = Batch()
        for entry in entries?.array ?? [] {
            guard let parts = entry.array, let id = parts.first?.string else { continue }
            batch.ids.append(id)
            if parts.count > 1, let mark = EventChangeMark(fields: parts[1].array ?? []) { batch.marks.append(mark) }
        }
        return batch
    }
}
