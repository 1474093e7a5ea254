/// Which server of a cluster has which of the 16,384 slots.
struct ClusterSlots: Sendable {
    static let count = 16_384
    private static let none = UInt16.max

    private(set) var addresses: [RedisAddress] = []
    /// For each slot the position of its server in `addresses`.
    private var owners = [UInt16](repeating: none, count: count)

    init() {}

    /// Reads the reply to `CLUSTER SLOTS` that `source` gave; nil when it is none.
    ///
    /// Each element is first slot, last slot, master, replicas…; a server is an array of host and port first, and an
    /// empty or absent host stands for the one that was asked.
    init?(_ reply: RedisValue, from source: RedisAddress) {
        guard let ranges = reply.array else { return nil }
        for range in ranges {
            guard let parts = range.array, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
                first >= 0, first <= last, last < Self.count, let master = parts[2].array, master.count >= 2,
                let port = master[1].integer, (1...65_535).contains(port)
            else { return nil }
            let named = master[0].string ?? ""
            let address = RedisAddress(host: named.isEmpty ? source.host : named, port: Int(port))
            for slot in Int(first)...Int(last) {
                assign(slot, to: address)
            }
        }
    }

    /// The server of a slot; nil when nobody serves it.
    func owner(of slot: Int) -> RedisAddress? {
        owners[slot] == Self.none ? nil : addresses[Int(owners[slot])]
    }

    /// Takes note that a slot has moved.
    mutating func assign(_ slot: Int, to address: RedisAddress) {
        if let position = addresses.firstIndex(of: address) {
            owners[slot] = UInt16(position)
        } else if addresses.count < Int(Self.none) {
            addresses.append(address)
            owners[slot] = UInt16(addresses.count - 1)
        }
    }

    /// The slot of a key: CRC16 (XMODEM) of what is between its first braces, or of all of it when that is nothing.
    static func slot(of key: String) -> Int {
        let bytes = Array(key.utf8)
        var tag = bytes[...]
        if let open = bytes.firstIndex(of: UInt8(ascii: "{")),
            let close = bytes[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        {
            tag = bytes[(open + 1)..<close]
        }
        var crc: UInt16 = 0
        for byte in tag {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 {
                crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021
            }
        }
        return Int(crc) % count
    }
}

/// Where a cluster sends a command: `MOVED 3999 127.0.0.1:6381`, or `ASK …` for this once.
struct ClusterRedirection: Sendable, Hashable {
    let slot: Int
    let address: RedisAddress
    /// Only this command goes there, announced by `ASKING`; the slot itself is still where it was.
    let isTemporary: Bool

    /// Reads an error reply that `source` gave; nil when it is no redirection.
    init?(_ reply: String, from source: RedisAddress) {
        let words = reply.split(separator: " ")
        guard words.count == 3, ["MOVED", "ASK"].contains(words[0]), let slot = Int(words[1]),
            (0..<ClusterSlots.count).contains(slot), let colon = words[2].lastIndex(of: ":"),
            let port = Int(words[2][words[2].index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let host = String(words[2][..<colon])
        self.slot = slot
        address = RedisAddress(host: host.isEmpty ? source.host : host, port: port)
        isTemporary = words[0] == "ASK"
    }
}
