import HTTPTypes
import Hummingbird

/// The methods that addresses know: consulted only when no route was found, to tell 405 from 404.
struct RouteTable: Sendable {
    private let routes: [(segments: [Substring], method: HTTPRequest.Method)]

    init(_ router: Router<ServiceContext>) {
        routes = router.routes.map { route in
            (route.path.description.split(separator: "/"), route.method)
        }
    }

    /// The methods of the routes that match `path`, sorted by name.
    func methods(at path: String) -> [String] {
        let segments = path.split(separator: "/")
        let matching = routes.filter { Self.matches(segments, $0.segments) }
        return Set(matching.map(\.method.rawValue)).sorted()
    }

    private static func matches(_ path: [Substring], _ pattern: [Substring]) -> Bool {
        guard path.count == pattern.count else { return false }
        return zip(path, pattern).allSatisfy { segment, expected in
            // Parameters are written `{id}` in a route's description, wildcards `*`.
            expected.hasPrefix("{") || expected.hasPrefix(":") || expected == "*" || segment == expected
        }
    }
}
