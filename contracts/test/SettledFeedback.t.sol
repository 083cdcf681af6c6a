// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettledFeedback} from "../src/interfaces/ISettledFeedback.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {SettledFeedback} from "../src/agents/SettledFeedback.sol";
import {AgentFixture} from "./AgentFixture.sol";
import {vm} from "./Vm.sol";

contract SettledFeedbackTest is AgentFixture {
    bytes32 private constant VERSION = keccak256("version");

    SettledFeedback private ratings;
    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        ratings = new SettledFeedback(address(vault), address(reputation));
        agentId = _agentOf(CREATOR);
    }

    /// @dev An agent whose owner says that the fixture's version is its own.
    function _agentOf(address owner) private returns (uint256 agent) {
        agent = _register(owner);
        string memory key = ratings.versionKey(VERSION);
        vm.prank(owner);
        identity.setMetadata(agent, key, "1.0.0");
    }

    function _settled(uint256 nonce) private returns (ISettlements.Settlement memory item) {
        item = _accepted(nonce);
        vault.settleOne(item);
    }

    function _evidence(ISettlements.Settlement memory item)
        private
        view
        returns (ISettledFeedback.Evidence memory)
    {
        bytes32[] memory paidWith = new bytes32[](1);
        paidWith[0] = _awardHash(item.award);
        return ISettledFeedback.Evidence({
            order: item.order,
            award: item.award,
            sheet: item.sheet,
            sheetSignature: item.sheetSignature,
            agentVersion: item.agentVersion,
            ask: item.ask,
            promisedSeconds: item.promisedSeconds,
            proof: item.proof,
            paidWith: paidWith,
            place: 0
        });
    }

    function _rating(uint8 value) private pure returns (ISettledFeedback.Rating memory) {
        return ISettledFeedback.Rating(value, "text.summarize", "", "ipfs://rating", bytes32("rating"));
    }

    function _give(ISettlements.Settlement memory item, uint8 value) private {
        vm.prank(REQUESTER);
        ratings.give(agentId, _evidence(item), _rating(value));
    }

    function _requireSettledSummary(uint64 count, int128 mean) private view {
        (uint64 found, int128 value, uint8 decimals) =
            reputation.getSummary(agentId, _one(address(ratings)), "starred", "text.summarize");
        assertTrue(found == count && value == mean && decimals == 0);
    }

    function test_a_requester_rates_the_agent_of_its_settled_order_and_no_order_twice() public {
        ISettlements.Settlement memory item = _settled(1);
        bytes32 orderHash = _orderHash(item.order);
        vm.expectEmit();
        emit ISettledFeedback.SettledFeedbackGiven(orderHash, agentId, REQUESTER, 1, 90);
        _give(item, 90);
        vm.snapshotGasLastCall("give, the first of an agent");
        _requireSettledSummary(1, 90);
        ISettledFeedback.Given memory given = ratings.givenFor(orderHash);
        assertEq(given.requester, REQUESTER);
        assertTrue(given.agentId == agentId && given.feedbackIndex == 1);
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.AlreadyGiven.selector, orderHash, agentId, 1));
        _give(item, 10);
        _give(_settled(2), 70);
        vm.snapshotGasLastCall("give, a further one");
        _requireSettledSummary(2, 80);
    }

    function test_anybody_else_gives_feedback_as_the_reference_has_it_and_does_not_count_as_settled() public {
        vm.prank(STRANGER);
        reputation.giveFeedback(agentId, 0, 0, "starred", "text.summarize", "", "", 0);
        _requireSettledSummary(0, 0);
        _give(_settled(1), 90);
        _requireSettledSummary(1, 90);
        (uint64 all,,) = reputation.getSummary(agentId, _two(address(ratings), STRANGER), "starred", "");
        assertEq(all, 2);
    }

    function test_a_claim_that_was_settled_without_an_acceptance_is_rated_too() public {
        ISettlements.Settlement memory item = _delivered(1);
        vault.claimOne(item);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettledFeedback.NotPaid.selector, _orderHash(item.order), _awardHash(item.award)
            )
        );
        _give(item, 0);
        vm.warp(START + CHALLENGE_WINDOW);
        vault.settleOne(item);
        _give(item, 0);
        _requireSettledSummary(1, 0);
    }

    function test_work_that_is_not_settled_is_not_rated() public {
        ISettlements.Settlement memory item = _accepted(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettledFeedback.NotPaid.selector, _orderHash(item.order), _awardHash(item.award)
            )
        );
        _give(item, 0);
    }

    function test_an_award_that_did_not_settle_the_order_rates_nobody() public {
        ISettlements.Settlement memory item = _settled(1);
        item.award.creator = OTHER;
        agentId = _agentOf(OTHER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettledFeedback.NotPaid.selector, _orderHash(item.order), _awardHash(item.award)
            )
        );
        _give(item, 100);
    }

    function test_nobody_rates_another_requesters_order() public {
        ISettledFeedback.Evidence memory evidence = _evidence(_settled(1));
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.OnlyRequester.selector, STRANGER, REQUESTER));
        vm.prank(STRANGER);
        ratings.give(agentId, evidence, _rating(0));
        evidence.order.requester = STRANGER;
        bytes32 forged = _orderHash(evidence.order);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettledFeedback.NotPaid.selector, forged, _awardHash(evidence.award)
            )
        );
        vm.prank(STRANGER);
        ratings.give(agentId, evidence, _rating(0));
    }

    function test_a_rating_goes_to_the_version_the_node_bid_with() public {
        ISettlements.Settlement memory item = _settled(1);
        bytes32 other = keccak256("other version");
        item.agentVersion = other;
        bytes32 leaf = _leaf(_orderHash(item.order), other, item.ask, item.promisedSeconds, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISettledFeedback.BidNotInSheet.selector, item.sheet.answersRoot, leaf)
        );
        _give(item, 100);
        // A sheet that was made up for the purpose has not the node's signature.
        _link(item);
        item.sheetSignature = _signWith(REQUESTER_KEY, _sheetHash(item.sheet));
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.NodeDidNotSign.selector, NODE, REQUESTER));
        _give(item, 100);
        item.sheet.node = REQUESTER;
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.SheetOfOtherNode.selector, NODE, REQUESTER));
        _give(item, 100);
    }

    function test_an_agent_earns_nothing_by_another_creators_work() public {
        ISettlements.Settlement memory item = _settled(1);
        uint256 own = agentId;
        agentId = _agentOf(OTHER);
        vm.expectRevert(
            abi.encodeWithSelector(ISettledFeedback.NotTheAgentsCreator.selector, agentId, CREATOR)
        );
        _give(item, 100);
        agentId = _register(CREATOR);
        vm.expectRevert(
            abi.encodeWithSelector(ISettledFeedback.NotTheAgentsVersion.selector, agentId, VERSION)
        );
        _give(item, 100);
        agentId = own;
        _give(item, 100);
    }

    function test_a_sold_agent_is_rated_for_its_creators_work_once_the_creator_is_its_wallet() public {
        ISettlements.Settlement memory item = _unsigned(1);
        uint256 creatorKey = 0xC8EA;
        item.award.creator = vm.addr(creatorKey);
        item = _sign(item);
        vault.settleOne(item);
        agentId = _agentOf(OTHER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettledFeedback.NotTheAgentsCreator.selector, agentId, item.award.creator
            )
        );
        _give(item, 60);
        _setWallet(agentId, OTHER, creatorKey);
        _give(item, 60);
        _requireSettledSummary(1, 60);
    }

    function test_an_award_without_a_creator_rates_nobody() public {
        ISettlements.Settlement memory item = _unsigned(1);
        (item.award.creator, item.award.royalty) = (address(0), 0);
        item = _sign(item);
        vault.settleOne(item);
        // An agent without a wallet has the zero address for one.
        vm.prank(CREATOR);
        identity.unsetAgentWallet(agentId);
        vm.expectRevert(
            abi.encodeWithSelector(ISettledFeedback.NotTheAgentsCreator.selector, agentId, address(0))
        );
        _give(item, 100);
    }

    function test_nobody_rates_what_they_own_or_were_paid_for() public {
        bytes memory refusal = abi.encodeWithSelector(ISettledFeedback.SelfFeedback.selector, agentId, REQUESTER);
        for (uint256 i = 0; i < 2; ++i) {
            ISettlements.Settlement memory item = _unsigned(i + 1);
            if (i == 0) item.award.payout = REQUESTER;
            else (item.award.node, item.sheet.node) = (REQUESTER, REQUESTER);
            item = _signAs(item, i == 0 ? NODE_KEY : REQUESTER_KEY);
            vault.settleOne(item);
            vm.expectRevert(refusal);
            _give(item, 100);
        }
        ISettlements.Settlement memory honest = _settled(3);
        _setWallet(agentId, CREATOR, REQUESTER_KEY);
        vm.expectRevert(refusal);
        _give(honest, 100);
        vm.prank(CREATOR);
        identity.unsetAgentWallet(agentId);
        vm.prank(CREATOR);
        identity.approve(REQUESTER, agentId);
        vm.expectRevert(refusal);
        _give(honest, 100);
        vm.prank(CREATOR);
        identity.approve(address(0), agentId);
        _give(honest, 100);
    }

    function test_a_creator_does_not_rate_its_own_work() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.award.creator = REQUESTER;
        item = _sign(item);
        vault.settleOne(item);
        agentId = _agentOf(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.SelfFeedback.selector, agentId, REQUESTER));
        _give(item, 100);
    }

    function test_an_owner_does_not_silence_ratings_by_approving_the_adapter() public {
        ISettlements.Settlement memory item = _settled(1);
        vm.prank(CREATOR);
        identity.setApprovalForAll(address(ratings), true);
        vm.prank(CREATOR);
        identity.approve(address(ratings), agentId);
        _give(item, 1);
        _requireSettledSummary(1, 1);
    }

    function test_a_requester_takes_its_rating_back_and_nobody_else_does() public {
        ISettlements.Settlement memory item = _settled(1);
        bytes32 orderHash = _orderHash(item.order);
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.NotGiven.selector, orderHash));
        vm.prank(REQUESTER);
        ratings.revoke(orderHash);
        _give(item, 5);
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.OnlyRequester.selector, CREATOR, REQUESTER));
        vm.prank(CREATOR);
        ratings.revoke(orderHash);
        vm.expectEmit();
        emit ISettledFeedback.SettledFeedbackRevoked(orderHash, agentId, 1);
        vm.prank(REQUESTER);
        ratings.revoke(orderHash);
        _requireSettledSummary(0, 0);
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.AlreadyGiven.selector, orderHash, agentId, 1));
        _give(item, 5);
    }

    function test_a_rating_is_at_most_100() public {
        ISettlements.Settlement memory item = _settled(1);
        vm.expectRevert(abi.encodeWithSelector(ISettledFeedback.RatingOverMaximum.selector, 101, 100));
        _give(item, 101);
    }

    function test_it_says_whose_settlements_count_and_how_a_version_is_named() public view {
        (address ofVault, address agents, address feedback) = ratings.sources();
        assertEq(ofVault, address(vault));
        assertEq(agents, address(identity));
        assertEq(feedback, address(reputation));
        assertEq(
            bytes(ratings.versionKey(bytes32(uint256(0xAB)))),
            "agentVersion/0x00000000000000000000000000000000000000000000000000000000000000ab"
        );
    }

    function test_the_vault_says_which_awards_a_settlement_paid() public {
        ISettlements.Settlement memory item = _accepted(1);
        bytes32[] memory paid = new bytes32[](1);
        paid[0] = _awardHash(item.award);
        assertTrue(!vault.arePaid(paid));
        vault.settleOne(item);
        assertTrue(vault.arePaid(paid));
        assertTrue(!vault.arePaid(new bytes32[](0)));
    }

    function test_a_paid_award_speaks_for_its_own_order_alone() public {
        ISettledFeedback.Evidence memory evidence = _evidence(_settled(1));
        evidence.order.taskHash = keccak256("another task");
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettledFeedback.NotPaid.selector, _orderHash(evidence.order), _awardHash(evidence.award)
            )
        );
        vm.prank(REQUESTER);
        ratings.give(agentId, evidence, _rating(100));
        evidence = _evidence(_accepted(1));
        evidence.place = 1;
        vm.expectPartialRevert(ISettledFeedback.NotPaid.selector);
        vm.prank(REQUESTER);
        ratings.give(agentId, evidence, _rating(100));
    }

    /// @dev What a node other than the fixture's signs.
    function _signAs(ISettlements.Settlement memory item, uint256 nodeKey)
        private
        view
        returns (ISettlements.Settlement memory)
    {
        item = _sign(item);
        item.nodeSignature = _signWith(nodeKey, _awardHash(item.award));
        item.sheetSignature = _signWith(nodeKey, _sheetHash(item.sheet));
        item.receiptSignature = _signWith(nodeKey, _receiptHash(item));
        return item;
    }

    function _setWallet(uint256 agent, address owner, uint256 walletKey) private {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ERC8004IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(identity)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"),
                agent,
                vm.addr(walletKey),
                owner,
                block.timestamp
            )
        );
        bytes memory word = _signWith(walletKey, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        vm.prank(owner);
        identity.setAgentWallet(agent, vm.addr(walletKey), block.timestamp, word);
    }
}
