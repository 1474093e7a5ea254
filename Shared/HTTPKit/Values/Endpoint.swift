package import NIOCore

/// Where a service listens: a host name or address, and a port.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    package let host: String
    /// 1–65535.
    package let port: Int

    /// What is wrong with a text that should name an endpoint.
    package struct InvalidURL: Error, CustomStringConvertible {
        package let url: String

        package var description: String {
            "'\(url)' is not of the form http://host[:port]"
        }
    }

    /// The endpoint of a host and a port.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The endpoint of `http://host[:port]`, port 80 when none is named.
    ///
    /// Anything else (another scheme, a path, a query, credentials) throws `InvalidURL`: calls between services carry
    /// their path in the request.
    package init(url: String) throws {
        let scheme = "http://"
        guard url.lowercased().hasPrefix(scheme) else { throw InvalidURL(url: url) }
        var rest = url.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest.removeLast() }
        var host = rest
        var port = Substring("80")
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw InvalidURL(url: url) }
            host = rest[rest.index(after: rest.startIndex)..<end]
            let tail = rest[rest.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { throw InvalidURL(url: url) }
            if !tail.isEmpty { port = tail.dropFirst() }
        } else if let colon = rest.firstIndex(of: ":") {
            host = rest[..<colon]
            port = rest[rest.index(after: colon)...]
        }
        let isAddress = rest.first == "["
        let hostIsValid = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"): isAddress
            default: false
            }
        }
        guard !host.isEmpty, hostIsValid, port.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(port), (1...65_535).contains(number)
        else { throw InvalidURL(url: url) }
        self.init(host: String(host), port: number)
    }

    /// The value of a Host field that names it.
    package var authority: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    package var description: String {
        "http://\(authority)"
    }

    /// Its socket address when the host is an address, so that nothing has to be looked up.
    package var literalAddress: SocketAddress? {
        try? SocketAddress(ipAddress: host, port: port)
    }
}
