import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// What goes into an image, and what stays out.
struct TreeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Put a file, or a directory's contents, at a place of its own in the image.",
            valueName: "disc-path=path"
        )
    )
    var map: [String] = []

    @Option(
        help:
            "Leave out files with this name or, with a slash, this path in the image. Takes shell patterns, such as “*.o” or “docs/*”."
    )
    var exclude: [String] = []

    @Flag(help: "Keep extended attributes (those in the “user” namespace).")
    var xattrs = false

    @Flag(help: "Keep access control lists (ACLs).")
    var acls = false

    @Flag(help: "Follow symbolic links instead of keeping them.")
    var followLinks = false

    /// The first option that was given; `nil` if there is none.
    var first: String? {
        let given = [
            (!map.isEmpty, "--map"), (!exclude.isEmpty, "--exclude"), (xattrs, "--xattrs"),
            (acls, "--acls"), (followLinks, "--follow-links"),
        ]
        return given.first(where: \.0)?.1
    }

    /// What these and operands make.
    ///
    /// - Throws: `ValidationError` for a place without a path.
    func input(_ paths: [String]) throws -> AuthoringInput {
        var input = AuthoringInput()
        input.paths = paths.map { FilePath(text: $0) }
        input.excluded = exclude
        input.followsLinks = followLinks
        input.keepsAttributes = xattrs
        input.keepsAccessLists = acls
        input.grafts = try map.map { text in
            guard let (place, path) = Self.parts(text), !path.isEmpty else {
                throw ValidationError(
                    "“\(text)” names no place and path; write --map /DIRECTORY/NAME=PATH."
                )
            }
            return AuthoringInput.Graft(place: place, path: FilePath(text: path))
        }
        return input
    }

    /// A place and a path, with `\=` for a sign that belongs to the place.
    static func parts(_ text: String) -> (String, String)? {
        var place = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == "\\", rest.first == "=" {
                place.append("=")
                rest.removeFirst()
            } else if character == "=" {
                return (place, String(rest))
            } else {
                place.append(character)
            }
        }
        return nil
    }
}
