import Foundation

/// Finds TCP ports of the loopback interface that nobody listens on.
package enum FreePort {
    /// A port that was free a moment ago; the kernel does not give it out again soon, yet a start may still lose it.
    package static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw FreePortError(errorNumber: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard result == 0 else { throw FreePortError(errorNumber: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// `count` ports, all different.
    package static func find(_ count: Int) throws -> [Int] {
        var ports: Set<Int> = []
        while ports.count < count {
            ports.insert(try find())
        }
        return Array(ports)
    }
}

/// The kernel gave no port.
package struct FreePortError: Error, CustomStringConvertible {
    /// The `errno` of the refused call.
    package var errorNumber: Int32

    package var description: String { "no free port: \(String(cString: strerror(errorNumber)))" }
}
