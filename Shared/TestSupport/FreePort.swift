import Foundation
import Synchronization

/// Finds TCP ports of the loopback interface that nobody listens on.
///
/// They lie below the range that the kernel gives to outgoing connections (32768 and up on Linux): a server that is
/// killed and started again must find its port free, and not taken by somebody's client meanwhile.
package enum FreePort {
    private static let candidates = 15_000..<32_000
    private static let triesMax = 1000
    /// What was given out in this process, never to be given again.
    private static let given = Mutex<Set<Int>>([])

    /// A port that was free a moment ago.
    package static func find() throws -> Int {
        for _ in 0..<triesMax {
            let port = Int.random(in: candidates)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if try isFree(port) { return port }
        }
        throw FreePortError(errorNumber: EADDRINUSE)
    }

    private static func isFree(_ port: Int) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw FreePortError(errorNumber: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = UInt16(port).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
    }

    /// `count` ports, all different.
    package static func find(_ count: Int) throws -> [Int] {
        try (0..<count).map { _ in try find() }
    }
}

/// No port could be found.
package struct FreePortError: Error, CustomStringConvertible {
    /// The `errno` of the refused call.
    package var errorNumber: Int32

    package var description: String { "no free port: \(String(cString: strerror(errorNumber)))" }
}
