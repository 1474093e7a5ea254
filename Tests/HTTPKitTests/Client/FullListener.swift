import Foundation

/// A socket that listens and never accepts, with its backlog taken: connecting to it neither succeeds nor fails.
struct FullListener {
    let port: Int
    private let descriptors: [Int32]

    struct Failure: Error {
        let errorNumber: Int32
    }

    init() throws {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let listener = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard isListening else { throw Failure(errorNumber: errno) }
        port = Int(UInt16(bigEndian: address.sin_port))
        var open = [listener]
        for _ in 0..<4 {
            let client = socket(AF_INET, kind | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, length) }
            }
            open.append(client)
        }
        descriptors = open
    }

    func close() {
        for descriptor in descriptors { Foundation.close(descriptor) }
    }
}
