// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {ISettledFeedback} from "../interfaces/ISettledFeedback.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {AgentAuthority} from "../libraries/AgentAuthority.sol";
import {TypedData} from "../libraries/TypedData.sol";

/// @title The reputation registry's client for one vault's settled orders
/// @dev Has no owner and no parameters to change.
contract SettledFeedback is ISettledFeedback {
    using AgentAuthority for IIdentityRegistry;

    string private constant TAG1 = "starred";
    uint8 private constant MAX_RATING = 100;
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    ISettlements private immutable VAULT;
    IIdentityRegistry private immutable IDENTITY;
    IReputationRegistry private immutable REPUTATION;

    mapping(bytes32 orderHash => Given) private _given;

    /// @dev Refuses to be an operator: an agent's owner could else keep ratings out by approving this contract.
    constructor(address vault, address reputation) {
        VAULT = ISettlements(vault);
        REPUTATION = IReputationRegistry(reputation);
        IDENTITY = IIdentityRegistry(IReputationRegistry(reputation).getIdentityRegistry());
        IDENTITY.refuseOperatorship();
    }

    /// @inheritdoc ISettledFeedback
    function give(uint256 agentId, Evidence calldata evidence, Rating calldata rating)
        external
        returns (uint64 feedbackIndex)
    {
        if (rating.value > MAX_RATING) revert RatingOverMaximum(rating.value, MAX_RATING);
        bytes32 orderHash = _checkSettled(evidence);
        Given storage given = _given[orderHash];
        if (given.requester != address(0)) revert AlreadyGiven(orderHash, given.agentId, given.feedbackIndex);
        _checkBid(orderHash, evidence);
        _checkAgent(agentId, evidence);
        feedbackIndex = REPUTATION.getLastIndex(agentId, address(this)) + 1;
        _given[orderHash] = Given(msg.sender, feedbackIndex, agentId);
        emit SettledFeedbackGiven(orderHash, agentId, msg.sender, feedbackIndex, rating.value);
        REPUTATION.giveFeedback(
            agentId,
            int128(uint128(rating.value)),
            0,
            TAG1,
            rating.tag2,
            rating.endpoint,
            rating.feedbackURI,
            rating.feedbackHash
        );
    }

    /// @inheritdoc ISettledFeedback
    function revoke(bytes32 orderHash) external {
        Given storage given = _given[orderHash];
        if (given.requester == address(0)) revert NotGiven(orderHash);
        if (given.requester != msg.sender) revert OnlyRequester(msg.sender, given.requester);
        emit SettledFeedbackRevoked(orderHash, given.agentId, given.feedbackIndex);
        REPUTATION.revokeFeedback(given.agentId, given.feedbackIndex);
    }

    /// @inheritdoc ISettledFeedback
    function givenFor(bytes32 orderHash) external view returns (Given memory) {
        return _given[orderHash];
    }

    /// @inheritdoc ISettledFeedback
    function sources() external view returns (address vault, address identity, address reputation) {
        return (address(VAULT), address(IDENTITY), address(REPUTATION));
    }

    /// @inheritdoc ISettledFeedback
    function versionKey(bytes32 agentVersion) public pure returns (string memory) {
        return string.concat("agentVersion/", Strings.toHexString(uint256(agentVersion), 32));
    }

    /// @dev The caller ordered it, and the vault paid it by this award.
    function _checkSettled(Evidence calldata evidence) private view returns (bytes32 orderHash) {
        address requester = evidence.order.requester;
        if (msg.sender != requester) revert OnlyRequester(msg.sender, requester);
        orderHash = _digest(TypedData.hashOrder(evidence.order));
        bytes32 awardHash = _digest(TypedData.hashAward(evidence.award));
        bytes32[] calldata paid = evidence.paidWith;
        if (evidence.award.orderHash != orderHash) revert NotPaid(orderHash, awardHash);
        if (evidence.place >= paid.length || paid[evidence.place] != awardHash || !VAULT.arePaid(paid)) {
            revert NotPaid(orderHash, awardHash);
        }
    }

    /// @dev The award's node bid for the order with this version.
    function _checkBid(bytes32 orderHash, Evidence calldata evidence) private view {
        (address node, TypedData.BidSheet calldata sheet) = (evidence.award.node, evidence.sheet);
        if (sheet.node != node) revert SheetOfOtherNode(node, sheet.node);
        bytes32 digest = _digest(TypedData.hashBidSheet(sheet));
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, evidence.sheetSignature);
        if (signer != node) revert NodeDidNotSign(node, signer);
        bytes32 leaf =
            TypedData.bidLeaf(orderHash, evidence.agentVersion, evidence.ask, evidence.promisedSeconds);
        if (!MerkleProof.verifyCalldata(evidence.proof, sheet.answersRoot, leaf)) {
            revert BidNotInSheet(sheet.answersRoot, leaf);
        }
    }

    /// @dev The version is the agent's by its own word and by the creator's who was named in the award: else one agent
    /// could earn by another's work. And nobody rates what they own or were paid for.
    function _checkAgent(uint256 agentId, Evidence calldata evidence) private view {
        (bytes32 version, address creator) = (evidence.agentVersion, evidence.award.creator);
        if (IDENTITY.getMetadata(agentId, versionKey(version)).length == 0) {
            revert NotTheAgentsVersion(agentId, version);
        }
        address wallet = IDENTITY.getAgentWallet(agentId);
        // Neither an owner nor a wallet that is set is ever zero.
        if (creator == address(0) || (creator != IDENTITY.ownerOf(agentId) && creator != wallet)) {
            revert NotTheAgentsCreator(agentId, creator);
        }
        if (
            msg.sender == creator || msg.sender == wallet || msg.sender == evidence.award.node
                || msg.sender == evidence.award.payout || IDENTITY.speaksFor(agentId, msg.sender)
        ) revert SelfFeedback(agentId, msg.sender);
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("Stoa"), keccak256("1"), block.chainid, address(VAULT))
        );
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }
}
