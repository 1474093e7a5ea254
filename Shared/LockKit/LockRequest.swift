/// What to lock, checked, sorted and without duplicates: two requests that overlap ask in the same order.
struct LockRequest {
    let resources: [String]
    let scope: String
    /// The locks' keys in Redis, in the order of `resources`.
    let keys: [String]
    let fenceKey: String

    init(_ resources: [String], scope: String, limits: LockService.Configuration) throws(LockError) {
        try Self.check(scope, "the scope", limits)
        guard !resources.isEmpty else { throw .invalidRequest("nothing to lock") }
        for resource in resources {
            try Self.check(resource, "a resource", limits)
        }
        let sorted = resources.count == 1 ? resources : Self.sortedOnce(resources)
        guard sorted.count <= min(limits.resourcesMax, 127) else {
            throw .invalidRequest("\(sorted.count) resources; at most \(limits.resourcesMax) at once")
        }
        self.resources = sorted
        self.scope = scope
        keys = sorted.map { Self.key(of: $0, scope: scope) }
        fenceKey = Self.fenceKey(scope: scope)
    }

    /// Where those who wait fairly stand in line, in the order of `keys`.
    var queueKeys: [String] { keys.map { "queue:\($0)" } }

    /// The channel on which the scope's releases are announced.
    var channel: String { "wake:{\(scope)}" }

    /// Where the fencing counter of `scope` is.
    static func fenceKey(scope: String) -> String { "fence:{\(scope)}" }

    /// The resource's name with its scope in braces, `lock:seat:{EVENT}:A-1-2`: all keys of a scope share a slot.
    static func key(of resource: String, scope: String) -> String {
        let name = resource.utf8
        let part = scope.utf8
        let colon = UInt8(ascii: ":")
        var start = name.startIndex
        while true {
            let end = name[start...].firstIndex(of: colon) ?? name.endIndex
            if name[start..<end].elementsEqual(part) {
                return "lock:\(resource[..<start]){\(scope)}\(resource[end...])"
            }
            guard end < name.endIndex else { return "lock:{\(scope)}:\(resource)" }
            start = name.index(after: end)
        }
    }

    private static func sortedOnce(_ resources: [String]) -> [String] {
        var result: [String] = []
        result.reserveCapacity(resources.count)
        for resource in resources.sorted() where resource != result.last {
            result.append(resource)
        }
        return result
    }

    private static func check(
        _ name: String, _ what: String, _ limits: LockService.Configuration
    ) throws(LockError) {
        let bytes = name.utf8
        guard !bytes.isEmpty else { throw .invalidRequest("\(what) is empty") }
        guard bytes.count <= limits.nameBytesMax else {
            throw .invalidRequest("\(what) is longer than \(limits.nameBytesMax) bytes")
        }
        // Braces would choose another slot of a cluster; control characters never name anything.
        let isForbidden = { (byte: UInt8) in byte < 0x20 || byte == 0x7F || byte == 0x7B || byte == 0x7D }
        guard !bytes.contains(where: isForbidden) else {
            throw .invalidRequest("\(what) contains a brace or a control character")
        }
    }
}
