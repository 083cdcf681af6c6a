// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../libraries/TypedData.sol";

/// @title Feedback for settled work only
/// @notice Passes a requester's rating on to the ERC-8004 reputation registry once it has shown that the vault paid for
/// the work and which agent did it. In the registry the client is this contract: whoever wants ratings that were paid
/// for names its address as the only client.
///
/// A rating is written as value 0 to 100 with 0 decimals, tag1 `starred`, and tag2 the capability that was asked for,
/// as the requester says it. An agent says which versions are its own in its metadata: under the key
/// `agentVersion/0x…`, the version's id in 64 small hex digits, stands anything but nothing.
interface ISettledFeedback {
    /// @notice What shows that an order was settled, and by which agent version.
    struct Evidence {
        TypedData.Order order;
        TypedData.Award award;
        TypedData.BidSheet sheet;
        /// @dev The node's.
        bytes sheetSignature;
        bytes32 agentVersion;
        uint256 ask;
        uint32 promisedSeconds;
        bytes32[] proof;
        /// @dev The awards that were paid by the same settlement, as the vault's `arePaid` takes them.
        bytes32[] paidWith;
        /// @dev Where among them the award stands.
        uint256 place;
    }

    struct Rating {
        uint8 value;
        /// @dev The capability, such as `text.summarize`.
        string tag2;
        string endpoint;
        string feedbackURI;
        /// @dev keccak256 of what stands at the URI; zero where it is content-addressed.
        bytes32 feedbackHash;
    }

    /// @dev All zero for an order nobody rated.
    struct Given {
        address requester;
        uint64 feedbackIndex;
        uint256 agentId;
    }

    event SettledFeedbackGiven(
        bytes32 indexed orderHash,
        uint256 indexed agentId,
        address indexed requester,
        uint64 feedbackIndex,
        uint8 value
    );
    event SettledFeedbackRevoked(bytes32 indexed orderHash, uint256 indexed agentId, uint64 feedbackIndex);

    error RatingOverMaximum(uint8 value, uint8 maximum);
    error OnlyRequester(address caller, address requester);
    error NotPaid(bytes32 orderHash, bytes32 awardHash);
    error AlreadyGiven(bytes32 orderHash, uint256 agentId, uint64 feedbackIndex);
    error NotGiven(bytes32 orderHash);
    error SheetOfOtherNode(address expected, address actual);
    error NodeDidNotSign(address expected, address actual);
    error BidNotInSheet(bytes32 answersRoot, bytes32 leaf);
    error NotTheAgentsVersion(uint256 agentId, bytes32 agentVersion);
    error NotTheAgentsCreator(uint256 agentId, address creator);
    /// @notice The requester is the agent's, or was paid for the work.
    error SelfFeedback(uint256 agentId, address requester);

    /// @notice Rates the agent that did the caller's settled order; once per order.
    /// @return feedbackIndex The rating's index in the reputation registry.
    function give(uint256 agentId, Evidence calldata evidence, Rating calldata rating)
        external
        returns (uint64 feedbackIndex);

    /// @notice Takes the caller's rating back; the order is not rated again.
    function revoke(bytes32 orderHash) external;

    /// @notice The rating given for an order.
    function givenFor(bytes32 orderHash) external view returns (Given memory);

    /// @notice The metadata key under which an agent names a version as its own.
    function versionKey(bytes32 agentVersion) external pure returns (string memory);

    /// @notice The vault whose settlements count, and the registries of agents and of feedback.
    function sources() external view returns (address vault, address identity, address reputation);
}
