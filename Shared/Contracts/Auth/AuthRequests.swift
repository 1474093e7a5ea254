/// `POST /api/auth/register`.
package struct RegisterRequest: Sendable, Codable {
    package let email: String
    package let password: String
    package let name: String?

    package init(email: String, password: String, name: String? = nil) {
        self.email = email
        self.password = password
        self.name = name
    }
}

/// `POST /api/auth/login`.
package struct LoginRequest: Sendable, Codable {
    package let email: String
    package let password: String

    package init(email: String, password: String) {
        self.email = email
        self.password = password
    }
}

/// `POST /api/auth/refresh`.
package struct RefreshRequest: Sendable, Codable {
    package let refreshToken: String

    package init(refreshToken: String) {
        self.refreshToken = refreshToken
    }
}
