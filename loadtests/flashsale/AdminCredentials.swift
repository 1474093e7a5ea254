import Foundation

/// The sign-in of somebody who may create the event's guests and read the audit's pages.
struct AdminCredentials: Sendable, Codable {
    let email: String
    let password: String

    /// No place had a sign-in.
    struct NotFound: Error, CustomStringConvertible {
        let file: String

        var description: String {
            "no admin sign-in: give --admin-email and --admin-password, set HOLDFAST_ADMIN_EMAIL and "
                + "HOLDFAST_ADMIN_PASSWORD, or name the data folder of deploy/run with --data (\(file) is not there)"
        }
    }

    /// What was given, else what the environment has, else what `deploy/run` left in its data folder.
    static func find(
        email: String?, password: String?, dataFolder: String?, environment: [String: String]
    ) throws -> AdminCredentials {
        if let email = email ?? environment["HOLDFAST_ADMIN_EMAIL"],
            let password = password ?? environment["HOLDFAST_ADMIN_PASSWORD"]
        {
            return AdminCredentials(email: email, password: password)
        }
        let folder = dataFolder ?? environment["HOLDFAST_DATA"] ?? ".holdfast"
        let file = URL(fileURLWithPath: folder).appendingPathComponent("secrets/admin.json")
        guard let data = try? Data(contentsOf: file) else { throw NotFound(file: file.path) }
        return try JSONDecoder().decode(AdminCredentials.self, from: data)
    }
}
