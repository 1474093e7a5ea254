import Foundation
import TestSupport

extension TemporaryDirectory {
    /// The bytes of a file as far as they are text.
    func contents(of file: String) throws -> String {
        String(decoding: try Data(contentsOf: url.appendingPathComponent(file)), as: UTF8.self)
    }
}
