import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Finds the addresses behind a name.
package protocol AddressResolver: Sendable {
    /// Every address of the name, each with the endpoint's port, without repetition; throws when there is none.
    func addresses(of endpoint: Endpoint) async throws -> [Endpoint]
}

/// Asks the system: `/etc/hosts`, DNS and whatever else it is set up to ask.
package struct SystemResolver: AddressResolver {
    package init() {}

    package func addresses(of endpoint: Endpoint) async throws -> [Endpoint] {
        // It blocks for as long as name servers are silent, so it does so on a thread made for blocking.
        try await NIOThreadPool.singleton.runIfActive { try Self.lookUp(endpoint) }
    }

    /// A name that has no address now.
    package struct Unresolved: Error, CustomStringConvertible {
        package let host: String
        package let reason: String

        package var description: String { "\(host): \(reason)" }
    }

    private static func lookUp(_ endpoint: Endpoint) throws -> [Endpoint] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        // One entry for each address, not one for each kind of socket.
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(endpoint.host, nil, &hints, &list)
        guard status == 0 else {
            throw Unresolved(host: endpoint.host, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(list) }
        var found: [Endpoint] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let isNamed = getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard isNamed == 0 else { continue }
            let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let address = Endpoint(host: String(decoding: bytes, as: UTF8.self), port: endpoint.port)
            if !found.contains(address) { found.append(address) }
        }
        guard !found.isEmpty else { throw Unresolved(host: endpoint.host, reason: "no address") }
        return found
    }
}
